// A static export. `BASE` is the path at which the site is served.

export default { output: "export", basePath: process.env.BASE };
