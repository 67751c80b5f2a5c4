// Moves the widget into the page's modal element, and back when that element is modal no more. A modal element is a modal `<dialog>`,
// or an element in full screen. The browser makes everything outside of a modal element inert, so the visitor could not use the
// widget there. The widget keeps its state. The loader notices the first modal element
// (`attachTo` in `chat.ts`), and this file the others.

import type { InternalChat } from "./chat-internals";
import { isFloating } from "./launcher";
import { pageDocument } from "./page-document";

/** Elements that do not draw their children. In full screen they cover the widget. */
const CHILDLESS = "audio, canvas, embed, iframe, img, object, video";

/** The slot in which a custom element draws its children. */
const DEFAULT_SLOT = "slot:not([name])";

/** A node with `moveBefore`, which TypeScript's own types do not have yet. This method moves a child without removing it first. */
type Parent = Node & ParentNode & { moveBefore?(child: Node, next: Node | null): void };

/** The element <pipit-chat>. `element.ts` calls `findHome` when the page has removed the element, or an element around it. */
type ChatElement = HTMLElement & { findHome?: (() => ParentNode | null | undefined) | undefined };

/** Makes the widget follow the page's modal elements until the chat is destroyed. */
export function followModals(chat: InternalChat): void {
  if (!isFloating(chat.options)) {
    return;
  }
  const { signal } = chat;
  const host: ChatElement = chat.host!;
  const root = host.shadowRoot!;
  const { findHome } = host;
  /** The open modal elements, the uppermost last. */
  let modals: Element[] = [];
  /** The node into which this script has moved the widget. Undefined while the widget is at its own place on the page. */
  let shelter: ParentNode | undefined;
  /** The widget's own place on the page: its parent and the node after it. */
  let place: { parent: Node; next: Node | null };
  /** What a dialog that closes takes from the widget in it, as it was before. Undefined unless a dialog has just closed. */
  let lost: ReturnType<typeof readState> | undefined;

  const findModal = () => {
    modals = modals.filter((modal) => modal.isConnected && modal.matches(":modal"));
    return modals.filter((modal) => !modal.matches(chat.options.dialogs === "stay" ? `dialog, ${CHILDLESS}` : CHILDLESS)).at(-1);
  };

  /** Returns the parent of the widget's own place; undefined if the page has removed it, and no element can replace it. */
  const findPlace = () => (place.parent.isConnected ? (place.parent as Parent) : findHome?.());

  /** Says where the element belongs after the page has removed it, or the modal element around it. */
  const findShelterOrPlace = () => {
    const modal = findModal();
    shelter = modal && drawingParent(modal);
    return shelter ?? findPlace();
  };

  const update = () => {
    const modal = findModal();
    if (modal) {
      enter(modal);
    } else if (shelter) {
      leave();
    }
    lost = undefined;
  };

  const enter = (modal: Element) => {
    const parent = drawingParent(modal);
    const isInClosedDialog = !!host.closest("dialog:not([open])");
    if (host.parentNode === parent || (contains(modal, host) && !isInClosedDialog)) {
      raise();
      return;
    }
    // A panel that covers the screen of a phone would cover the dialog. And an iframe that is removed loads again.
    const mustStay = (modal.localName === "dialog" && coversWindow()) || (!parent.moveBefore && root.querySelector("iframe"));
    if (!host.isConnected || mustStay) {
      return;
    }
    if (!shelter) {
      place = { parent: host.parentNode!, next: host.nextSibling };
    }
    shelter = parent;
    host.findHome = findShelterOrPlace;
    move(parent, null);
  };

  const leave = () => {
    // The page may have moved the widget to another place in the meantime.
    const isInShelter = host.parentNode === shelter;
    const parent = findPlace();
    const { next } = place;
    shelter = undefined;
    host.findHome = findHome;
    if (!parent) {
      host.remove();
    } else if (isInShelter) {
      move(parent, next?.parentNode === parent ? next : null);
    }
  };

  /** Returns the focused element in the widget, and how far each element is scrolled. */
  const readState = () => ({
    focused: root.activeElement as HTMLElement | null,
    scrolled: [...root.querySelectorAll("*")].map((element) => [element, element.scrollTop] as const).filter(([, top]) => top),
  });

  /** Moves the widget. Restores what is lost when a browser removes an element and inserts it again. */
  const move = (parent: Parent, next: Node | null) => {
    const { focused, scrolled } = lost ?? readState();
    const modalPanel = root.querySelector<HTMLDialogElement>("dialog:modal");
    if (host.isConnected && parent.moveBefore) {
      parent.moveBefore(host, next);
    } else {
      parent.insertBefore(host, next);
    }
    raise();
    // The panel's dialog is in the top layer, too. Showing it again puts it above the page's modal element.
    modalPanel?.close();
    modalPanel?.showModal();
    for (const [element, top] of scrolled) {
      element.scrollTop = top;
    }
    focused?.focus({ preventScroll: true });
  };

  /**
   * Puts launcher and panel above the modal element: a popover that is shown again becomes the uppermost one. The condition is the
   * one of `applyOptions` in `launcher.ts`.
   */
  const raise = () => {
    const { container } = chat.launcher;
    if (container.isConnected && +getComputedStyle(container).zIndex > 2e9) {
      container.hidePopover?.();
      container.showPopover?.();
    }
  };

  const coversWindow = () => {
    const panel = chat.state.isOpen && root.querySelector(".panel");
    return panel && panel.getBoundingClientRect().width >= innerWidth;
  };

  const observer = new MutationObserver(update);
  signal.addEventListener("abort", () => observer.disconnect());
  addEventListener("fullscreenchange", update, { signal });
  chat.on("widget:closed", update);
  // A dialog that closes is not drawn any more, and gives the focus to the element that had it before.
  const saveState = (event: Event) => {
    if ((event as ToggleEvent).newState === "closed") {
      lost = readState();
    }
  };

  const notice = (nodes: EventTarget[]) => {
    const fresh = [...new Set(nodes)].filter((node): node is Element => node instanceof Element && node.matches(":modal") && !modals.includes(node) && !root.contains(node));
    // An outer element became modal before an element in it. Of others, the last one in the document is taken for the uppermost.
    for (const modal of fresh.sort((first, second) => Number(contains(second, first)) - Number(contains(first, second)))) {
      modals.push(modal);
      observer.observe(modal, { attributeFilter: ["open"] });
      modal.addEventListener("beforetoggle", saveState, { signal });
    }
    if (fresh.length > 0) {
      update();
    }
  };
  for (const type of ["focusin", "toggle", "fullscreenchange"]) {
    // The path of an event contains the elements in open shadow roots, too.
    addEventListener(type, (event) => notice(event.composedPath()), { capture: true, signal });
  }
  // The elements that are modal already: in the document, and in the shadow roots in which the focus or the full screen is.
  notice([...pageDocument.querySelectorAll(":modal"), ...pathOf("activeElement"), ...pathOf("fullscreenElement")]);
}

/** Returns the element that has the focus, or is in full screen, and everything around it, also outside of its shadow root. */
function pathOf(property: "activeElement" | "fullscreenElement"): Node[] {
  let element = pageDocument[property];
  while (element?.shadowRoot?.[property]) {
    element = element.shadowRoot[property];
  }
  const path: Node[] = [];
  for (let node: Node | null = element; node; node = parentOf(node)) {
    path.unshift(node);
  }
  return path;
}

/** Returns the node in a modal element, or beside it, whose children the browser draws inside of the modal element. */
function drawingParent(modal: Element): Parent {
  const root = modal.getRootNode();
  if (root instanceof ShadowRoot && modal.querySelector(DEFAULT_SLOT)) {
    return root.host;
  }
  const { shadowRoot } = modal;
  return !shadowRoot || shadowRoot.querySelector(DEFAULT_SLOT) ? modal : shadowRoot;
}

/** Whether a node is another one, or inside of it, or in a shadow root inside of it. */
function contains(ancestor: Node, node: Node | null): boolean {
  return !!node && (node === ancestor || contains(ancestor, parentOf(node)));
}

/** Returns a node's parent; of a shadow root, the element that it belongs to. */
const parentOf = (node: Node): Node | null => node.parentNode ?? (node instanceof ShadowRoot ? node.host : null);
