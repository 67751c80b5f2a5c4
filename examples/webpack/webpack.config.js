// `auto`: the files are beside the script, wherever the server has them.

export default { entry: "./main.js", output: { publicPath: "auto" } };
