// Tests the types of <pipit-chat> in the JSX of Preact. This file is compiled and never runs.
// TypeScript does not check the names of attributes with a hyphen.

import "pipit-chat/elements/preact";

export const right = <pipit-chat session-endpoint="/session" theme="dark" chat-title="Fernhill" config={{ beforeSend: (text) => text }} class="help" />;
// @ts-expect-error The attribute takes only its choices.
export const wrongChoice = <pipit-chat theme="blue" />;
