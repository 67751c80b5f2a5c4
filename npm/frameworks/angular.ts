// The entry `pipit-chat/angular`: a function that keeps the chat on the page as long as a component is there. It uses signals, and no
// decorators, so that it works with every compiler of Angular 17 and newer.

import { afterNextRender, DestroyRef, effect, inject, type Signal, signal } from "@angular/core";
import type { PackageOptions } from "../index";
import { getSnapshot, type Listeners, type MountedChat, mountChat, NO_CHAT, type Snapshot, subscribe } from "./mounted-chat";

export type { Listeners, Snapshot };

/** Options of the chat, and listeners of its events. */
export interface PipitOptions extends PackageOptions {
  /** Listeners by the types of their events: `on: { "message:received": ({ text }) => … }`. */
  on?: Listeners | undefined;
}

/**
 * Returns a signal of the page's chat and its state. With `options`, also keeps the chat on the page until the calling component is
 * destroyed: `readonly pipit = injectPipit({ sessionEndpoint: "/chat-session" })`. The options may be a function that reads signals;
 * the chat then gets the options that change. Call it where `inject` may be called, such as in a field of a component. On a server, it
 * does nothing.
 */
export function injectPipit(options?: PipitOptions | (() => PipitOptions)): Signal<Snapshot> {
  const snapshot = signal(NO_CHAT);
  const read = () => (typeof options === "function" ? options() : options);
  let mounted: MountedChat | undefined;
  const cleanups: (() => void)[] = [];
  inject(DestroyRef).onDestroy(() => cleanups.forEach((cleanup) => cleanup()));
  // Angular calls this function only in a browser.
  afterNextRender(() => {
    const follow = () => snapshot.set(getSnapshot());
    cleanups.push(subscribe(follow));
    const { on = {}, ...given } = read() ?? {};
    if (options) {
      mounted = mountChat(given, on);
      cleanups.push(() => mounted?.unmount());
    }
    follow();
  });
  if (typeof options === "function") {
    effect(() => {
      const { on = {}, ...given } = options();
      mounted?.update(given, on);
    });
  }
  return snapshot.asReadonly();
}
