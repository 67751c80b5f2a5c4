// The entry `pipit-chat/react`: a component that puts the chat on the page, and hooks for its state and events.

import { useEffect, useRef, useSyncExternalStore } from "react";
import type { EventName, Listener } from "../contract";
import type { PackageOptions } from "../index";
import { getSnapshot, type Listeners, type MountedChat, mountChat, NO_CHAT, type Snapshot, subscribe } from "./mounted-chat";

export type { Listeners, Snapshot };

/** The options of the chat, and listeners of its events. */
export interface PipitChatProps extends PackageOptions {
  /** Listeners by the types of their events: `on={{ "message:received": ({ text }) => … }}`. They may be new at each render. */
  on?: Listeners | undefined;
}

/**
 * Keeps the chat on the page while this component is mounted. Draws nothing itself. Options may change at any render; the docs of
 * `update` say which can change while the panel is there. Functions may be new at each render.
 */
export function PipitChat({ on = {}, ...options }: PipitChatProps): null {
  const mounted = useRef<MountedChat | undefined>(undefined);
  const latest = useRef({ options, on });
  latest.current = { options, on };
  useEffect(() => {
    mounted.current = mountChat(latest.current.options, latest.current.on);
    return () => mounted.current?.unmount();
  }, []);
  useEffect(() => mounted.current?.update(options, on));
  return null;
}

/** Returns the page's chat and its state, and draws the component again when the state changes. */
export function usePipit(): Snapshot {
  return useSyncExternalStore(subscribe, getSnapshot, () => NO_CHAT);
}

/** Calls the listener for each event of this type, while the component is mounted. The listener may be new at each render. */
export function usePipitEvent<Name extends EventName>(type: Name, listener: Listener<Name>): void {
  const { chat } = usePipit();
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => chat?.on(type, (event) => latest.current(event)), [chat, type]);
}
