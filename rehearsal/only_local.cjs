// Loaded into Node before the CDK CLI: it connects to 127.0.0.1 and to nothing else.
const net = require("node:net");
const local = new Set(["127.0.0.1", "localhost", "::1"]);
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  const host = typeof first === "object" && first !== null ? first.host : typeof args[1] === "string" ? args[1] : "localhost";
  const path = typeof first === "object" && first !== null ? first.path : undefined;
  if (path === undefined && host !== undefined && !local.has(host)) {
    throw new Error(`a rehearsal connects to 127.0.0.1 only; got ${host}`);
  }
  return connect.apply(this, args);
};
