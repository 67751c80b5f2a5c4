// The session endpoint for platforms whose functions are a `fetch` handler, such as Cloudflare Workers. The header with the client's
// address is set by the platform there, and a visitor cannot set it. Other platforms have another name for it.

import { handle } from "./session.mjs";

export default {
  fetch: (request, env) => handle(request, request.headers.get("CF-Connecting-IP"), env),
};
