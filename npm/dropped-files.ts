// Lets the visitor drop files on the panel, and paste them into it. The files go into the panel's file field, as if the visitor had
// chosen them there. Where no file can be sent, nothing happens: without this file, a browser would open a dropped file in place of the
// page, and the page with its chat would be gone.

/** `container` is the element around launcher and panel. */
export function watchFiles(container: HTMLElement): void {
  const onTransfer = (event: Event) => {
    const { type } = event;
    const data = (event as DragEvent).dataTransfer ?? (event as ClipboardEvent).clipboardData;
    // A program may give a copied text a second time, as a picture. The browser then pastes the text. An element of the page in
    // <pipit-chat> may take a file itself.
    if (!data?.types.includes("Files") || (type === "paste" && data.types.includes("text/plain")) || event.defaultPrevented) {
      return;
    }
    event.preventDefault();
    const field = container.querySelector<HTMLInputElement>("[type=file]");
    if (type === "dragover") {
      data.dropEffect = field ? "copy" : "none";
    } else if (field) {
      field.files = data.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
  for (const type of ["dragover", "drop", "paste"]) {
    container.addEventListener(type, onTransfer);
  }
}
