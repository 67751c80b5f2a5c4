// Types <pipit-chat> in the JSX of React 18 and 19: `import "pipit-chat/elements/react"`.

import type { ClassAttributes, HTMLAttributes } from "react";
import type { PipitChatAttributes, PipitChatElement } from "../element-attributes.js";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "pipit-chat": Omit<HTMLAttributes<PipitChatElement>, keyof PipitChatAttributes> & ClassAttributes<PipitChatElement> & PipitChatAttributes & { class?: string | undefined };
    }
  }
}
