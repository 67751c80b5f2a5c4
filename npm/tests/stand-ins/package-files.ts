// Stands in for the list of the package's files, which only the build has. `widget_bg.wasm` has an address, as in an ES module.
// `locales/de.txt` has none, as in a build of a classic script. A test adds addresses as development servers give them.

export const FILES: Record<string, () => URL> = {
  "widget_bg.wasm": () => new URL("https://shop.example/assets/widget_bg.wasm"),
  "locales/de.txt": () => new URL("./locales/de.txt", undefined),
};
