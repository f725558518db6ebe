import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { CallError } from "../../lib/call";
import { brokenRules, renderInApp } from "../../testing/render";
import { SetUp } from "./SetUp.component";
import { type DeskState, saveRecoveryKit, setUp, startDemo } from "./setup.resource";

vi.mock("./setup.resource");
vi.mock("../../components/password.resource", () => ({ passwordStrength: async (password: string) => ({ score: 4, acceptable: password.length > 11, reason: password.length > 11 ? null : "too_short" }) }));

const state: DeskState = { phase: "new", clinic: null, staff: [], keyring: "os", waitSeconds: 0, demo: false, demoPassword: null, recording: null };
const words = Array.from({ length: 24 }, (_, place) => `word${String.fromCharCode(97 + place)}`);
const kit = { clinic: "Klinik Bangsar", words, qrSvg: "<svg xmlns='http://www.w3.org/2000/svg'/>", madeOn: "2026-11-24" };
const refused = (code: "keyring_unavailable" | "weak_password", reason: string | null = null) => new CallError({ code, field: null, reason, waitSeconds: null });

beforeEach(() => {
  vi.resetAllMocks();
  vi.mocked(setUp).mockResolvedValue(kit);
  vi.mocked(saveRecoveryKit).mockResolvedValue(true);
});

async function fillIn() {
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Set up my clinic" }));
  await user.type(screen.getByRole("textbox", { name: "Clinic name" }), "Klinik Bangsar");
  await user.type(screen.getByRole("textbox", { name: "Your name" }), "Aisyah Rahman");
  await user.click(screen.getByRole("checkbox", { name: "I also see patients as a doctor" }));
  await user.type(screen.getByLabelText(/^Password/, { selector: "input" }), "purple kettle walks north");
  return user;
}

test("a clinic is set up; its kit stays until two of its words were typed", async () => {
  const done = vi.fn(async () => undefined);
  renderInApp(<SetUp state={state} onDone={done} />);
  expect(await brokenRules()).toEqual([]);
  const user = await fillIn();
  expect(await screen.findByText("Very strong")).toBeVisible();
  expect(await brokenRules()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Make my clinic" }));
  expect(setUp).toHaveBeenCalledWith({ clinic: "Klinik Bangsar", managerName: "Aisyah Rahman", alsoDoctor: true, password: "purple kettle walks north", acceptNoKeyring: false });

  expect(await screen.findByRole("heading", { name: "Your recovery kit" })).toBeVisible();
  expect(screen.getAllByRole("listitem")).toHaveLength(24);
  expect(screen.getByRole("img", { name: "The same words as a QR code" })).toHaveAttribute("src", expect.stringContaining("data:image/svg+xml"));
  expect(await brokenRules()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Save to a file" }));
  expect(await screen.findByText(/Move the file to a USB stick/)).toBeVisible();

  const fields = screen.getAllByRole("textbox", { name: /Word no\. / });
  for (const field of fields) await user.type(field, "nonsense");
  await user.click(screen.getByRole("button", { name: "Continue" }));
  expect(screen.getAllByText("This is not that word.")).toHaveLength(2);
  expect(done).not.toHaveBeenCalled();
  for (const field of fields) {
    const number = Number(/\d+/.exec((field as HTMLInputElement).labels?.[0]?.textContent ?? "")?.[0]);
    await user.clear(field);
    await user.type(field, ` ${words[number - 1]?.toUpperCase()} `);
  }
  await user.click(screen.getByRole("button", { name: "Continue" }));
  expect(done).toHaveBeenCalledOnce();
});

test("without a keyring the weaker protection must be accepted", async () => {
  vi.mocked(setUp).mockRejectedValueOnce(refused("keyring_unavailable"));
  renderInApp(<SetUp state={state} onDone={async () => undefined} />);
  const user = await fillIn();
  expect(screen.queryByText("This computer has no keyring")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Make my clinic" }));
  await user.click(await screen.findByRole("checkbox", { name: "I accept the weaker protection" }));
  await user.click(screen.getByRole("button", { name: "Make my clinic" }));
  expect(setUp).toHaveBeenLastCalledWith(expect.objectContaining({ acceptNoKeyring: true }));
  expect(await screen.findByRole("heading", { name: "Your recovery kit" })).toBeVisible();
});

test("a refused password is marked at its field, in words", async () => {
  vi.mocked(setUp).mockRejectedValueOnce(refused("weak_password", "contains_name"));
  renderInApp(<SetUp state={state} onDone={async () => undefined} />);
  const user = await fillIn();
  await user.click(screen.getByRole("button", { name: "Make my clinic" }));
  expect(await screen.findByText(/It is built on a name/)).toBeVisible();
  expect(screen.getByLabelText(/^Password/, { selector: "input" })).toBeInvalid();
});

test("the demo starts from one button", async () => {
  const done = vi.fn(async () => undefined);
  renderInApp(<SetUp state={state} onDone={done} />);
  await userEvent.click(screen.getByRole("button", { name: "Try with a demo clinic" }));
  expect(startDemo).toHaveBeenCalledOnce();
  await waitFor(() => expect(done).toHaveBeenCalledOnce());
});
