// During the development, the shop's own server answers the requests for sessions.

export default { server: { proxy: { "/session": process.env.SESSION_SERVER ?? "http://127.0.0.1:8460" } } };
