// Tells the visitor that the WASM, which draws the panel, has failed or is not allowed. A banner says that the panel was restarted.
// The fallback card replaces a panel that cannot run, and lists the other ways of contact that the option `contact` names. This
// script is loaded when it is needed. Its texts are in `fallback-card.json`, because only the WASM has the panel's texts.

import type { FallbackReason, InternalChat, Panel } from "./chat-internals";
import { parseContacts } from "./contact";
import { COMMANDS } from "./contract";
import type { PipitError } from "./error";
import texts from "./fallback-card.json";
import { chooseLanguage, direction } from "./language";
import { createIcon, DOWN_ICON, isFloating, setPanelOpen } from "./launcher";
import { styleCard, styleLauncher } from "./old-browser";
import { pageDocument } from "./page-document";
import { forgetStored } from "./stored-conversation";
import { takesFocus } from "./typing-on-page";

type TextName = keyof (typeof texts)["en"];

/**
 * Shows a banner at the top of the panel. The banner says that the panel was restarted, and if `isConversationStored`, that the
 * conversation continues. The banner is removed when the visitor sends a message or closes the panel. If the panel is closed now, the
 * banner appears when the panel is opened.
 */
export async function showRestartBanner(chat: InternalChat, isConversationStored: boolean): Promise<void> {
  const panel = await whenPanelDrawn(chat.launcher.container);
  const banner = createElement("div", { className: "banner", part: "mishap" });
  banner.role = "alert";
  const text = isConversationStored ? `${textOf(chat, "restarted")} ${textOf(chat, "conversationContinues")}` : textOf(chat, "restarted");
  banner.append(createElement("p", { text }));
  panel.querySelector("[part=mishap]")?.remove();
  panel.prepend(banner);
  chat.once("message:sending", () => banner.remove());
  chat.once("widget:closed", () => banner.remove());
}

/** Resolves with the panel's element as soon as the WASM has drawn it. */
function whenPanelDrawn(container: HTMLElement): Promise<Element> {
  return new Promise((resolve) => {
    const resolveIfDrawn = () => {
      const panel = container.querySelector("#panel");
      if (panel) {
        observer.disconnect();
        resolve(panel);
      }
    };
    const observer = new MutationObserver(resolveIfDrawn);
    observer.observe(container, { childList: true, subtree: true });
    resolveIfDrawn();
  });
}

/**
 * Creates a panel that consists of the fallback card. The commands `open`, `close` and `toggle` show and hide the card. Of the
 * other commands, `update` and those that load the panel (the table `COMMANDS`) fail with `error`; the rest do nothing. If the
 * visitor has clicked a link that opens the chat (`isByLink`), `open` fails with `error` too, so that the browser follows the link.
 * The card cannot be closed if the panel does not float. The card is shown at once if it cannot be closed, or if the panel is open now.
 */
export function createFallbackCard(chat: InternalChat, reason: FallbackReason, error: PipitError): Panel {
  const { container, button } = chat.launcher;
  const canClose = isFloating(chat.options);
  const closedLabel = button.ariaLabel;
  const close = () => {
    if (canClose) {
      setPanelOpen(chat, false);
      card.remove();
      button.ariaLabel = closedLabel;
    }
  };
  const card = drawCard(chat, reason, canClose ? close : undefined);
  if (error.code === "E_BROWSER") {
    styleCard(card, canClose);
    styleLauncher(chat);
  }
  const open = (isWanted?: boolean) => {
    const isFocused = takesFocus(chat.host!, isWanted);
    container.append(card);
    setPanelOpen(chat, true);
    button.ariaLabel = textOf(chat, "closeLauncher");
    if (isFocused) {
      card.focus({ preventScroll: true });
    }
  };
  if (!canClose || chat.state.isOpen) {
    open();
  }
  return {
    async run(name, isWanted, isByLink) {
      if (name === "update" && isByLink) {
        // The page has changed an attribute, as some pages often do. The second argument says so. Nobody waits for a result.
        return;
      }
      if (isByLink) {
        throw error;
      } else if (name === "close" || (name === "toggle" && chat.state.isOpen)) {
        close();
      } else if (name === "open" || name === "toggle") {
        open(isWanted as boolean | undefined);
      } else if (name === "forget") {
        // Nobody else is there to do it, and nobody who could end a conversation at the server.
        forgetStored(chat.frame?.namespace);
        delete chat.options.prefill;
      } else if (name === "update" || COMMANDS[name]) {
        throw error;
      }
    },
  };
}

/** Draws the card. Without `close`, it has no button that closes it. */
function drawCard(chat: InternalChat, reason: FallbackReason, close: (() => void) | undefined): HTMLElement {
  const { title = textOf(chat, "title"), contact, locale } = chat.options;
  const language = chooseLanguage(locale);
  const card = createElement("section", { className: "panel", part: "panel" });
  card.id = "panel";
  card.tabIndex = -1;
  card.ariaLabel = title;
  card.lang = language;
  card.dir = direction(language);
  const header = createElement("div", { className: "header", part: "header" });
  const heading = createElement("div", { className: "who" });
  heading.append(createElement("h2", { className: "name", text: title }));
  header.append(heading);
  if (close) {
    const closeButton = createElement("button", { className: "icon", part: "close" });
    closeButton.ariaLabel = textOf(chat, "close");
    closeButton.append(createIcon(DOWN_ICON));
    closeButton.onclick = close;
    header.append(closeButton);
    card.onkeydown = (event) => {
      if (event.key === "Escape") {
        close();
      }
    };
  }
  const body = createElement("div", { className: "list" });
  body.append(drawMessage(chat, reason, contact));
  card.append(header, body);
  return card;
}

/** Draws the text that says why there is no chat, and the other ways of contact. */
function drawMessage(chat: InternalChat, reason: FallbackReason, contact: InternalChat["options"]["contact"]): HTMLElement {
  const message = createElement("div", { className: "welcome", part: "mishap" });
  message.role = "alert";
  message.append(createElement("h3", { text: textOf(chat, reason) }), createElement("p", { text: textOf(chat, `${reason}Details`) }));
  const contacts = parseContacts(contact);
  if (contacts.length) {
    message.append(createElement("p", { text: textOf(chat, "contactIntro") }));
  }
  for (const { text, href } of contacts) {
    if (href) {
      const link = createElement("a", { className: "button", part: "contact", text });
      link.setAttribute("href", href);
      message.append(link);
    } else {
      message.append(createElement("p", { part: "contact", text }));
    }
  }
  return message;
}

const textOf = ({ options }: InternalChat, name: TextName): string =>
  (texts as Record<string, Record<TextName, string>>)[chooseLanguage(options.locale)]![name];

function createElement(name: string, { className, part, text = "" }: { className?: string; part?: string; text?: string }): HTMLElement {
  const element = pageDocument.createElement(name);
  if (className) {
    element.className = className;
  }
  if (part) {
    element.setAttribute("part", part);
  }
  element.textContent = text;
  return element;
}
