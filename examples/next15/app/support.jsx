"use client";

import { PipitChat } from "pipit-chat/react";

/** Puts the chat on the page. */
export function Support() {
  return <PipitChat sessionEndpoint="/session" />;
}
