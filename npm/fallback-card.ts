// What the visitor sees when there is no panel to say it: loaded when that happens.

import type { Chat } from "./chat";
import { contacts } from "./contact";
import type { PipitError } from "./error";
import { choose, direction } from "./language";
import { DOWN, expand, floats, icon, isGesture } from "./launcher";
import type { PanelCommands } from "./panel";
import words from "./fallback-card.json";

type Word = keyof (typeof words)["en"];

/** Why there is no panel: it broke too often, or may not run. */
export type Why = "broken" | "blocked";

/** A line at the top of the panel: it was started again. Goes when the visitor goes on. */
export function tellRestart(chat: Chat, panel: Element, goesOn: boolean): void {
  const line = make("div", "banner", "mishap");
  line.role = "alert";
  line.append(make("p", "", "", [say(chat, "restarted"), goesOn ? say(chat, "goesOn") : ""].join(" ").trim()));
  panel.querySelector("[part=mishap]")?.remove();
  panel.prepend(line);
  chat.once("message:sending", () => line.remove());
  chat.once("widget:closed", () => line.remove());
}

/** What is done where WASM may not run, in a frame neither. */
export function blocked(chat: Chat, error: PipitError): PanelCommands {
  // Tells the host on the console which directive is missing.
  chat.quietly(Promise.reject(error));
  return instead(chat, "blocked", error);
}

/** A card in the panel's place, and what the commands do then: it can be opened and closed, and all else fails. */
export function instead(chat: Chat, why: Why, error: PipitError): PanelCommands {
  const { frame, button } = chat.launcher;
  const canClose = floats(chat.options);
  const opened = button.ariaLabel;
  const close = async () => {
    if (canClose) {
      expand(chat, false);
      panel.remove();
      button.ariaLabel = opened;
    }
  };
  const panel = card(chat, why, canClose ? close : undefined);
  const open = async (takesFocus = isGesture()) => {
    frame.append(panel);
    expand(chat, true);
    button.ariaLabel = say(chat, "closeLauncher");
    takesFocus && panel.focus({ preventScroll: true });
  };
  const fails = async () => {
    throw error;
  };
  if (!canClose || chat.state.isOpen) {
    void open();
  }
  return {
    open,
    close,
    toggle: async (takesFocus) => (chat.state.isOpen ? close() : open(takesFocus)),
    startChat: fails,
    send: fails,
    setDraft: fails,
    setConsent: fails,
    transcript: fails,
    update: fails,
    endChat: async () => {},
    markRead: async () => {},
  };
}

/** Why there is no chat, and how else the host can be reached. */
function card(chat: Chat, why: Why, close: (() => void) | undefined): HTMLElement {
  const { title = say(chat, "title"), contact, locale } = chat.options;
  const language = choose(locale);
  const panel = make("section", "panel", "panel");
  panel.id = "panel";
  panel.tabIndex = -1;
  panel.ariaLabel = title;
  panel.lang = language;
  panel.dir = direction(language);
  const header = make("div", "header", "header");
  const who = make("div", "who");
  who.append(make("h2", "name", "", title));
  header.append(who);
  if (close) {
    const button = make("button", "icon", "close");
    button.ariaLabel = say(chat, "close");
    button.append(icon(DOWN));
    button.onclick = close;
    header.append(button);
    panel.onkeydown = (event) => {
      event.stopPropagation();
      event.key === "Escape" && close();
    };
  }
  const body = make("div", "list");
  const told = make("div", "welcome", "mishap");
  told.role = "alert";
  told.append(make("h3", "", "", say(chat, why)), make("p", "", "", say(chat, `${why}More`)));
  body.append(told);
  const ways = contacts(contact);
  if (ways.length) {
    told.append(make("p", "", "", say(chat, "reach")));
    for (const { text, href } of ways) {
      const way = make(href ? "a" : "p", href ? "button" : "", "contact", text);
      href && way.setAttribute("href", href);
      told.append(way);
    }
  }
  panel.append(header, body);
  return panel;
}

const say = ({ options }: Chat, word: Word): string => (words as Record<string, Record<Word, string>>)[choose(options.locale)]![word];

function make(name: string, className: string, part = "", text = ""): HTMLElement {
  const element = document.createElement(name);
  className && (element.className = className);
  part && element.setAttribute("part", part);
  element.textContent = text;
  return element;
}
