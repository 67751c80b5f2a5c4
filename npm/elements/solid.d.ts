// Types <pipit-chat> in the JSX of Solid: `import "pipit-chat/elements/solid"`.

import type { JSX as SolidJSX } from "solid-js";
import type { PipitChatAttributes, PipitChatElement } from "../element-attributes.js";

declare module "solid-js" {
  namespace JSX {
    interface IntrinsicElements {
      "pipit-chat": Omit<SolidJSX.HTMLAttributes<PipitChatElement>, keyof PipitChatAttributes> & PipitChatAttributes & { "prop:config"?: PipitChatAttributes["config"] };
    }
  }
}
