// Builds the React page and the Vue page.

import react from "@vitejs/plugin-react";
import vue from "@vitejs/plugin-vue";

export default { plugins: [react(), vue()] };
