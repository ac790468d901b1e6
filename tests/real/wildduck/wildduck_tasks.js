'use strict';

// WildDuck looks for background tasks a minute after its start; tests cannot wait for that.
const path = require('node:path');

require(path.resolve('lib/consts.js')).TASK_STARTUP_INTERVAL = 500;
