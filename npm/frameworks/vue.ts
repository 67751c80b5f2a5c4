// The entry `pipit-chat/vue`: a component that puts the chat on the page, and a function for its state.

import { defineComponent, onBeforeUnmount, onMounted, readonly, shallowRef, watch, type ShallowRef } from "vue";
import { OPTIONS } from "../contract";
import type { PackageOptions } from "../index";
import { getSnapshot, type Listeners, type MountedChat, mountChat, NO_CHAT, type Snapshot, subscribe } from "./mounted-chat";

export type { Listeners, Snapshot };

/** The beginning of the names by which Vue passes listeners: `@message:received` arrives as `onMessage:received`. */
const LISTENER = /^on([A-Z])/;

/**
 * Keeps the chat on the page while this component is mounted. Its props are the options of the chat, and its events are those of the
 * chat: `<PipitChat session-endpoint="/chat-session" @message:received="count += 1" />`. Draws nothing itself.
 */
export const PipitChat = defineComponent<PackageOptions>(
  (props, { attrs }) => {
    let mounted: MountedChat | undefined;
    // Vue gives a prop that is not set the value undefined.
    const options = () => Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as PackageOptions;
    const listeners = () => Object.fromEntries(Object.entries(attrs).filter(([name]) => LISTENER.test(name)).map(([name, listener]) => [name.replace(LISTENER, (_, first: string) => first.toLowerCase()), listener])) as Listeners;
    onMounted(() => {
      mounted = mountChat(options(), listeners());
    });
    watch([options, listeners], ([changed, changedListeners]) => mounted?.update(changed, changedListeners));
    onBeforeUnmount(() => mounted?.unmount());
    return () => null;
  },
  { name: "PipitChat", inheritAttrs: false, props: ["assetBase", ...Object.keys(OPTIONS)] as (keyof PackageOptions)[] },
);

/** Returns a ref of the page's chat and its state. It changes while the calling component is mounted. */
export function usePipit(): Readonly<ShallowRef<Snapshot>> {
  const snapshot = shallowRef(NO_CHAT);
  let stop: (() => void) | undefined;
  const follow = () => {
    snapshot.value = getSnapshot();
  };
  onMounted(() => {
    stop = subscribe(follow);
    follow();
  });
  onBeforeUnmount(() => stop?.());
  return readonly(snapshot) as Readonly<ShallowRef<Snapshot>>;
}
