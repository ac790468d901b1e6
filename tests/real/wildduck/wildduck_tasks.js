'use strict';

// WildDuck looks for background tasks a minute after its start, and then rests two seconds after each of them.
// Tests cannot wait for that; the times are milliseconds.
const path = require('node:path');

Object.assign(require(path.resolve('lib/consts.js')), { TASK_STARTUP_INTERVAL: 500, TASK_IDLE_INTERVAL: 100 });
