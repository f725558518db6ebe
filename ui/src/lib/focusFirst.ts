/** Brings the keyboard to the first field that needs a look, once the window has marked it. */
export function focusFirst(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>("[aria-invalid='true'], [data-error='true']")?.focus());
}
