// Loaded into Node before the CDK CLI: it connects to 127.0.0.1 and to nothing else.
const net = require("node:net");
const local = new Set(["127.0.0.1", "localhost", "::1"]);
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  const options = typeof first === "object" && first !== null ? first : { host: args[1] };
  // An HTTP request without a socket file has the path null.
  const place = options.path || (typeof options.host === "string" ? options.host : "localhost");
  if (!local.has(place)) {
    throw new Error(`a rehearsal connects to 127.0.0.1 only; got ${place}`);
  }
  return connect.apply(this, args);
};
