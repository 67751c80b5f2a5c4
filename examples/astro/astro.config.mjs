// `BASE` is the path at which the site is served.

export default { base: process.env.BASE };
