// The development server bundles packages in advance, and loses the files of this one.

export default { optimizeDeps: { exclude: ["pipit-chat"] } };
