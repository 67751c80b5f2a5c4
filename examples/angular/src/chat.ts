import { injectPipit } from "pipit-chat/angular";

/** Puts the chat on the page as long as the calling component is there. The build copies the files of the package to `pipit`. */
export function mountChat() {
  return injectPipit({ sessionEndpoint: "/session", assetBase: "pipit" });
}
