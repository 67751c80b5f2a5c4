// Types <pipit-chat> in Svelte's templates: `import "pipit-chat/elements/svelte"`.

import type { HTMLAttributes } from "svelte/elements";
import type { PipitChatAttributes, PipitChatElement } from "../element-attributes.js";

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "pipit-chat": Omit<HTMLAttributes<PipitChatElement>, keyof PipitChatAttributes> & PipitChatAttributes;
  }
}
