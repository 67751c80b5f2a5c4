// A static site. `BASE` is the path at which the site is served.

import adapter from "@sveltejs/adapter-static";

export default { kit: { adapter: adapter(), paths: { base: process.env.BASE, relative: false } } };
