/** Wrappers around a field are marked too, but take no focus. */
const FAULTY = "[aria-invalid='true'], :is(input, textarea, select, button)[data-error='true']";

/** Brings the keyboard to the first field that needs a look, once the window has marked it. */
export function focusFirst(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(FAULTY)?.focus());
}
