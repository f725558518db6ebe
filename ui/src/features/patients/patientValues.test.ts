import { expect, test } from "vitest";

import { siti } from "./fixtures";
import { fieldOf, requestOf, valuesFromQuery, valuesOf } from "./patientValues";

test("what was searched for starts the form where it belongs", () => {
  expect(valuesFromQuery("Mary Jane Smith")).toMatchObject({ asOne: false, given: "Mary Jane", family: "Smith" });
  expect(valuesFromQuery("Siti")).toMatchObject({ asOne: false, given: "Siti", family: "" });
  expect(valuesFromQuery("Ali bin Ahmad")).toMatchObject({ asOne: true, whole: "Ali bin Ahmad" });
  expect(valuesFromQuery("陈美玲")).toMatchObject({ asOne: true, whole: "陈美玲" });
  expect(valuesFromQuery("3/5/1980")).toMatchObject({ birth: "3/5/1980", given: "" });
  expect(valuesFromQuery("07700 900123")).toMatchObject({ phone: "07700 900123" });
  expect(valuesFromQuery("790311-00-9002")).toMatchObject({ identifier: "790311-00-9002" });
});

test("a stored patient comes back as it was, and a change touches only what changed", () => {
  const values = valuesOf(siti);
  expect(requestOf(values)).toEqual({
    names: siti.names, birthDate: "1979-03-11", ageYears: null, gender: "female", telecom: siti.telecom, identifiers: siti.identifiers, address: null, contacts: [], language: "ms",
  });
  const married = requestOf({ ...values, family: "Tarudin" });
  expect(married.names[0]).toMatchObject({ use: "official", given: ["Siti"], family: "Tarudin" });
  expect(married.names[1]).toEqual(siti.names[1]);
});

test("an age kept as a birth year gives that year back", () => {
  const year = new Date().getFullYear() - 47;
  const request = requestOf(valuesOf({ ...siti, birthDate: String(year), birthDateEstimated: true }));
  expect(request).toMatchObject({ birthDate: null, ageYears: 47 });
});

test("the desk's paths lead to the fields they are about, past rows that were left empty", () => {
  const values = { ...valuesOf(siti), contacts: [{ name: "", relationship: "", phone: "" }, { name: "", relationship: "son", phone: "" }], telecom: [{ system: "email" as const, value: "x", use: "home" as const }] };
  expect(requestOf(values).contacts).toHaveLength(1);
  expect(fieldOf("contacts[0].name", values)).toBe("contacts.1.name");
  expect(fieldOf("telecom[0].value", values)).toBe("phone");
  expect(fieldOf("telecom[1].value", values)).toBe("telecom.0.value");
  expect(fieldOf("names[0]", values)).toBe("given");
  expect(fieldOf("names[0].family", values)).toBe("family");
  expect(fieldOf("names[1].text", values)).toBe("names.0.text");
  expect(fieldOf("address.line", values)).toBe("address.lines");
  expect(fieldOf("birthDate", values)).toBe("birth");
  expect(fieldOf("names", { ...values, asOne: true })).toBe("whole");
  expect(fieldOf("somethingElse", values)).toBeNull();
});
