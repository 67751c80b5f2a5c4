// Moves the widget into the page's modal element, and back when that element is no longer modal. A modal element is a modal
// `<dialog>`, or an element in full screen. The browser makes everything outside of a modal element inert, so the visitor could not
// use a widget that stays outside. The widget keeps its state. The loader notices the first modal element (`attachTo` in `chat.ts`)
// and loads this script, which finds this element and all later ones.

import type { InternalChat } from "./chat-internals";
import { isFloating, showAbovePage } from "./launcher";
import { pageDocument } from "./page-document";

/** Elements that do not draw their children, so the widget cannot move into them. In full screen they cover the widget. */
const CHILDLESS = "audio, canvas, embed, iframe, img, object, video";

/**
 * An open modal element. A dialog that loses its attribute `open` is no longer drawn. Some browsers still call it modal, because the
 * page has not called `close()`.
 */
const OPEN_MODAL = ":modal:not(dialog:not([open]))";

/** A page that uses the older, prefixed function to go into full screen causes only the prefixed event. */
const FULLSCREEN_EVENTS = ["fullscreenchange", "webkitfullscreenchange"];

/** The selector of the slot in which a custom element draws its children. */
const DEFAULT_SLOT = "slot:not([name])";

/** A node with `moveBefore`, which TypeScript's own types do not have yet. This method moves a child without removing it first. */
type Parent = Node & ParentNode & { moveBefore?(child: Node, next: Node | null): void };

/** A place on the page: a parent, or something else that puts a node to where it belongs. */
type Home = Pick<ParentNode, "append">;

/**
 * The element <pipit-chat>. When the page has removed it, or an element around it, `element.ts` calls `findHome` to get the place to
 * which it puts the element back.
 */
type ChatElement = HTMLElement & { findHome?: (() => Home | null | undefined) | undefined };

/** Makes the widget follow the page's modal elements until the chat is destroyed. */
export function followModals(chat: InternalChat): void {
  if (!isFloating(chat.options)) {
    return;
  }
  const { signal } = chat;
  const { container, styles } = chat.launcher;
  const host: ChatElement = chat.host!;
  const root = host.shadowRoot!;
  const { findHome } = host;
  /** The open modal elements, the uppermost last. */
  let modals: Element[] = [];
  /** The node into which this script has moved the widget. Undefined while the widget is at its own place on the page. */
  let shelter: ParentNode | undefined;
  /** The widget's own place on the page: its parent and the node after it. */
  let place: { parent: Node; next: Node | null };
  /** Shows the widget in a modal element whose styles hide all children that they do not name. */
  const { style } = styles.cssRules[styles.insertRule(":host(:not([hidden])){}", 1)] as CSSStyleRule;
  /** The focus and the scroll positions just before a modal element closed: a widget in it loses them. Undefined after `update`. */
  let lost: ReturnType<typeof readState> | undefined;

  /** Forgets closed modal elements. Returns the uppermost visible one that may contain the widget. With `dialogs: "stay"`, no dialog may. */
  const findModal = () => {
    modals = modals.filter((modal) => modal.isConnected && modal.matches(OPEN_MODAL));
    const excluded = chat.options.dialogs === "stay" ? `dialog, ${CHILDLESS}` : CHILDLESS;
    return modals.filter((modal) => modal.checkVisibility() && !modal.matches(excluded)).at(-1);
  };

  /** Returns the parent of the widget's own place. If the page has removed it, `element.ts` may know another one (`findHome`). */
  const findPlace = () => (place.parent.isConnected ? place.parent : findHome?.()) as Parent | null | undefined;

  const setShelter = (parent: ParentNode | undefined) => {
    shelter = parent;
    // An important rule of the shadow root wins over every rule of the page.
    style.setProperty("display", parent ? "contents" : "", "important");
  };

  /** Returns where the widget belongs after the page has removed it, or the modal element around it. */
  const findShelterOrPlace = (): Home | null | undefined => {
    const modal = findModal();
    if (modal) {
      setShelter(drawingParent(modal));
      return shelter;
    }
    const parent = findPlace();
    return parent && { append: () => returnTo(parent) };
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
    // The widget stays if it is already in the modal element. In a closed dialog inside of that element, nobody would see it.
    if (host.parentNode === parent || (contains(modal, host) && !isInClosedDialog)) {
      raise();
      return;
    }
    // A panel that covers the screen of a phone would cover the dialog. A move without `moveBefore` would make an iframe load again.
    const mustStay = (modal.localName === "dialog" && coversWindow()) || (!parent.moveBefore && root.querySelector("iframe"));
    if (!host.isConnected || mustStay) {
      return;
    }
    if (!shelter) {
      place = { parent: host.parentNode!, next: host.nextSibling };
    }
    setShelter(parent);
    host.findHome = findShelterOrPlace;
    move(parent, null);
  };

  const leave = () => {
    // If the page has moved the widget to another place in the meantime, the widget stays there.
    const isInShelter = host.parentNode === shelter;
    const parent = findPlace();
    if (parent && isInShelter) {
      returnTo(parent);
      return;
    }
    forgetShelter();
    if (!parent) {
      host.remove();
    }
  };

  const forgetShelter = () => {
    setShelter(undefined);
    host.findHome = findHome;
  };

  /** Moves the widget to its own place on the page, in this parent. */
  const returnTo = (parent: Parent) => {
    const { next } = place;
    forgetShelter();
    move(parent, next?.parentNode === parent ? next : null);
  };

  /** How far each element was scrolled when it was last drawn, in px. An element that is not drawn reports 0. */
  const positions = new WeakMap<Element, number>();
  const noteScroll = ({ target }: Event) => {
    const element = target as Element;
    if (element.checkVisibility()) {
      positions.set(element, element.scrollTop);
    }
  };
  container.addEventListener("scroll", noteScroll, { capture: true, passive: true, signal });

  /** Returns the focused element in the widget, and how far each element is scrolled. */
  const readState = () => {
    const topOf = (element: Element) => (element.checkVisibility() ? element.scrollTop : (positions.get(element) ?? 0));
    return {
      focused: root.activeElement as HTMLElement | null,
      scrolled: [...root.querySelectorAll("*")].map((element) => [element, topOf(element)] as const).filter(([, top]) => top),
    };
  };

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

  /** Puts launcher and panel above the modal element: a popover that is shown again becomes the uppermost one. */
  const raise = () => {
    // The browser refuses to show a popover that the page has taken away.
    if (container.isConnected) {
      container.hidePopover?.();
      showAbovePage(container);
    }
  };

  /** Whether the panel is open and as wide as the window, as on a phone. */
  const coversWindow = () => {
    const panel = chat.state.isOpen && root.querySelector(".panel");
    return panel && panel.getBoundingClientRect().width >= innerWidth;
  };

  const observer = new MutationObserver(update);
  signal.addEventListener("abort", () => observer.disconnect());
  for (const type of FULLSCREEN_EVENTS) {
    addEventListener(type, update, { signal });
  }
  // A panel that covered the window may have kept the widget out of a dialog.
  chat.on("widget:closed", update);
  // A dialog that has closed is no longer drawn, and has given the focus to the element that had it before the dialog opened. So the
  // state of a widget in it is read before it closes.
  const saveState = (event: Event) => {
    if ((event as ToggleEvent).newState === "closed") {
      lost = readState();
    }
  };

  // The panel is a dialog that is not modal. If the visitor opens it after a modal dialog of the page, browsers let no Escape close the
  // modal dialog any more, because the dialog that was opened last would have to be closed first. So this listener closes it.
  const closeByEscape = (event: KeyboardEvent) => {
    const modal = modals.at(-1) as HTMLDialogElement | undefined;
    const isInWidget = event.composedPath().includes(host);
    if (event.key !== "Escape" || event.isComposing || isInWidget || !modal?.requestClose || modal.closedBy === "none") {
      return;
    }
    const afterwards = new AbortController();
    let isAsked = false;
    modal.addEventListener("cancel", () => (isAsked = true), { signal: afterwards.signal });
    // By then, the page's listeners have been called, and the browser has closed the dialog if it does so.
    setTimeout(() => {
      afterwards.abort();
      if (!isAsked && !event.defaultPrevented && modal.matches(OPEN_MODAL)) {
        modal.requestClose();
      }
    });
  };
  addEventListener("keydown", closeByEscape, { capture: true, signal });

  /** Adds those of the nodes that have become modal to `modals`, watches when they close, and moves the widget. */
  const notice = (nodes: EventTarget[]) => {
    const fresh = [...new Set(nodes)].filter((node): node is Element => node instanceof Element && node.matches(OPEN_MODAL) && !modals.includes(node) && !root.contains(node));
    // Only the uppermost element can have the focus. If one of two other elements contains the other, the outer one became modal first.
    // Otherwise the later one in the document is taken to be above the other.
    const focusPath = pathOf("activeElement");
    const isAbove = (first: Element, second: Element) => focusPath.includes(first) || (contains(second, first) && !focusPath.includes(second));
    for (const modal of fresh.sort((first, second) => Number(isAbove(first, second)) - Number(isAbove(second, first)))) {
      modals.push(modal);
      observer.observe(modal, { attributeFilter: ["open"] });
      modal.addEventListener("beforetoggle", saveState, { signal });
    }
    if (fresh.length > 0) {
      update();
    }
  };
  for (const type of ["focusin", "toggle", ...FULLSCREEN_EVENTS]) {
    // The path of an event contains the elements in open shadow roots, too.
    addEventListener(type, (event) => notice(event.composedPath()), { capture: true, signal });
  }
  // The elements that are modal already: in the document, and in the shadow roots in which the focus or the full screen is.
  notice([...pageDocument.querySelectorAll(":modal"), ...pathOf("activeElement"), ...pathOf("fullscreenElement")]);
}

/** Returns the element that has the focus or is in full screen, after all nodes around it, also those outside of its shadow root. */
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

/**
 * Returns the node whose children the browser draws inside of a modal element. Usually this is the modal element itself. If the
 * modal element is in the shadow root of a custom element and contains the slot for that element's children, it is the custom
 * element. If the modal element has a shadow root without such a slot, it is the shadow root.
 */
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
