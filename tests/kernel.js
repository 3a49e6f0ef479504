// jsii starts a process that starts this one, and passes each message on. Here is the kernel without the one between.
"use strict";
const fs = require("fs");
const { readSync, writeSync } = fs;

// The kernel reads and writes its messages at 3, where the process between would be.
fs.readSync = (fd, ...rest) => readSync(fd === 3 ? 0 : fd, ...rest);
fs.writeSync = (fd, ...rest) => writeSync(fd === 3 ? 1 : fd, ...rest);

for (const name of ["stdout", "stderr"]) {
  process[name].write = (data) => {
    writeSync(2, `${JSON.stringify({ [name]: Buffer.from(data).toString("base64") })}\n`);
    return true;
  };
}

require("../lib/program.js");
