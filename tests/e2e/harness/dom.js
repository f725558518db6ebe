// What a person, or their screen reader, finds on the page: elements by role and accessible name. As far as this app's own widgets go.
const [verb, ask] = arguments;

const squeeze = (text) => text.replace(/\s+/gu, " ").trim();
const hidden = (element) => element.closest("[aria-hidden='true'], [inert]") !== null;
const shown = (element) => {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  // A switch, or a choice among buttons, is drawn by its label alone.
  return style.visibility === "visible" && element.getClientRects().length > 0 && (box.width > 0 || element.labels?.length > 0) && !hidden(element);
};

const words = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute("aria-hidden") === "true") return "";
  if (node.hasAttribute("aria-label")) return ` ${node.getAttribute("aria-label")} `;
  if (node.tagName === "IMG") return node.alt;
  if (node.tagName === "INPUT" || node.tagName === "SELECT" || node.tagName === "STYLE") return "";
  const inside = Array.from(node.childNodes, words).join("");
  return getComputedStyle(node).display.startsWith("inline") ? inside : ` ${inside} `;
};

const nameOf = (element) => {
  const by = element.getAttribute("aria-labelledby");
  if (by) return squeeze(by.split(/\s+/).map((id) => (document.getElementById(id) ? words(document.getElementById(id)) : "")).join(" "));
  if (element.getAttribute("aria-label")) return squeeze(element.getAttribute("aria-label"));
  const labels = element.labels ? Array.from(element.labels) : [];
  if (labels.length > 0) return squeeze(labels.map(words).join(" "));
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)) return squeeze(element.getAttribute("placeholder") ?? element.title);
  return squeeze(words(element)) || squeeze(element.title ?? "");
};

const INPUTS = { checkbox: "checkbox", radio: "radio", number: "spinbutton", button: "button", submit: "button", range: "slider" };
const TAGS = { BUTTON: "button", A: "link", SELECT: "combobox", TEXTAREA: "textbox", OPTION: "option", SUMMARY: "button", LI: "listitem", DIALOG: "dialog", NAV: "navigation", OL: "list", UL: "list" };
const roleOf = (element) => {
  const said = element.getAttribute("role");
  if (said) return said;
  if (element.tagName === "INPUT") return element.hasAttribute("aria-haspopup") ? "combobox" : (INPUTS[element.type] ?? "textbox");
  if (/^H[1-6]$/.test(element.tagName)) return "heading";
  if (element.tagName === "SECTION") return nameOf(element) === "" ? "generic" : "region";
  return TAGS[element.tagName] ?? "generic";
};

const fits = (name, wanted, how) => (how === "is" ? name === wanted : how === "starts" ? name.startsWith(wanted) : name.includes(wanted));
const able = (element) => !element.disabled && element.getAttribute("aria-disabled") !== "true" && !element.hasAttribute("data-loading");

/** Every shown element that fits, those of the dialog on top first. */
const all = ({ roles, name, how, within }) => {
  const place = within ? all({ roles: ["region", "navigation", "dialog", "tabpanel", "group", "list"], name: within, how: "is" })[0] : document;
  if (!place) return [];
  const candidates = place.querySelectorAll("button, a[href], input, select, textarea, option, summary, li, ol, ul, h1, h2, h3, h4, nav, section, [role], [tabindex]");
  const found = Array.from(candidates).filter((element) => roles.includes(roleOf(element)) && shown(element) && fits(nameOf(element), name, how));
  const top = Array.from(document.querySelectorAll("[aria-modal='true']")).filter(shown).at(-1);
  return top ? [...found.filter((element) => top.contains(element)), ...found.filter((element) => !top.contains(element))] : found;
};

/** Where a finger would land to use the element; null while something lies over it. */
const target = (element) => {
  element.scrollIntoView({ block: "center", inline: "nearest" });
  const touches = [element, ...(element.labels ?? [])];
  return (
    touches.find((one) => {
      const box = one.getBoundingClientRect();
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return box.width > 0 && top !== null && (one.contains(top) || top.contains(one));
    }) ?? null
  );
};

const describe = (element) => `${roleOf(element)} “${nameOf(element)}”`;

const verbs = {
  find: () => all(ask)[ask.nth ?? 0] ?? null,
  usable: () => {
    const element = all(ask).filter(able)[ask.nth ?? 0];
    return element ? target(element) : null;
  },
  count: () => all(ask).length,
  names: () => all(ask).map(nameOf),
  state: () => {
    const element = all(ask)[ask.nth ?? 0];
    if (!element) return null;
    const on = (name) => element.getAttribute(`aria-${name}`) === "true";
    return { able: able(element), checked: element.checked === true || on("checked"), pressed: on("pressed"), selected: on("selected"), expanded: on("expanded"), value: element.value ?? "", words: squeeze(element.innerText ?? "") };
  },
  text: () => document.body.innerText,
  read: () => all(ask)[0]?.innerText ?? "",
  marks: () => Array.from(document.querySelectorAll("mark")).filter(shown).map((mark) => squeeze(mark.innerText)),
  focus: () => {
    const element = document.activeElement;
    return element === null || element === document.body ? null : { role: roleOf(element), name: nameOf(element), shown: shown(element) };
  },
  offered: () => Array.from(document.querySelectorAll("button, a[href], input, select, textarea, [role]")).filter(shown).map(describe),
};
return verbs[verb]();
