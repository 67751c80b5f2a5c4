// Loads the WASM of the test kit. The script contains the WASM, so that no bundler and no server has to find another file.

import init from "kit-glue";
import compressed from "kit-wasm";

let loaded: Promise<unknown> | undefined;

/** Resolves when the classes of the module `kit-glue` can be used. */
export async function loadKit(): Promise<void> {
  loaded ??= init({ module_or_path: wasmResponse() });
  await loaded;
}

function wasmResponse(): Response {
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("gzip"));
  // With this type, WASM is compiled while it is being decompressed.
  return new Response(stream, { headers: { "Content-Type": "application/wasm" } });
}
