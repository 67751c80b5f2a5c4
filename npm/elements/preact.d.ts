// Types <pipit-chat> in the JSX of Preact 10: `import "pipit-chat/elements/preact"`.

import type { JSX as PreactJSX } from "preact";
import type { PipitChatAttributes, PipitChatElement } from "../element-attributes.js";

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "pipit-chat": Omit<PreactJSX.HTMLAttributes<PipitChatElement>, keyof PipitChatAttributes> & PipitChatAttributes;
    }
  }
}
