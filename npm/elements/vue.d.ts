// Types <pipit-chat> in Vue's templates: `import "pipit-chat/elements/vue"`.

import type { DefineComponent } from "vue";
import type { PipitChatAttributes } from "../element-attributes.js";

declare module "vue" {
  interface GlobalComponents {
    "pipit-chat": DefineComponent<PipitChatAttributes>;
  }
}
