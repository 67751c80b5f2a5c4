// Nuxt asks the browser to prefetch everything that a page may import later. The hook leaves the files of the chat out.

const isOfChat = (name) => name.includes("pipit-chat");

export default {
  // Nuxt 4.2 cannot write a page at the root of a base path with this feature.
  experimental: { payloadExtraction: false },
  app: { head: { htmlAttrs: { lang: "de" } } },
  hooks: {
    "build:manifest"(manifest) {
      for (const [name, file] of Object.entries(manifest)) {
        if (isOfChat(name)) {
          Object.assign(file, { prefetch: false, preload: false });
        }
        file.assets = file.assets?.filter((asset) => !/\.(wasm|txt)$/.test(asset));
        file.dynamicImports = file.dynamicImports?.filter((imported) => !isOfChat(imported));
      }
    },
  },
};
