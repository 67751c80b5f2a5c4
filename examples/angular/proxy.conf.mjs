// During the development, the shop's own server answers the requests for sessions.

export default { "/session": { target: process.env.SESSION_SERVER ?? "http://127.0.0.1:8460" } };
