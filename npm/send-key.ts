// Sends the message when the visitor presses the key *send* of a phone's keyboard while the keyboard composes a word. Browsers then
// name no key, or say that Enter belongs to the input method, as they do for the Enter that only ends a composition. The difference
// is that the key *send* also inputs a line break. The WASM handles every other key (`src/view/during/composer.rs`).

/** Watches the panel's composer. `container` is the element around launcher and panel. */
export function watchSendKey(container: HTMLElement): void {
  /**
   * Whether a key is down that belongs to an input method (browsers then give the `keyCode` 229), so that a line break means *send*.
   * With Shift, a line break means a new line, so this is false.
   */
  let isFromInputMethod = false;
  container.addEventListener("keydown", ({ isComposing, keyCode, shiftKey }) => (isFromInputMethod = (isComposing || keyCode === 229) && !shiftKey));
  // A later line break without a key press, as from dictation, does not send the message.
  container.addEventListener("keyup", () => (isFromInputMethod = false));
  container.addEventListener("beforeinput", (event) => {
    if (isFromInputMethod && /LineBreak|Paragraph/.test(event.inputType) && (event.target as Element).matches(".composer .field")) {
      event.preventDefault();
      container.querySelector<HTMLElement>("[part=send]")!.click();
    }
  });
}
