-- Load for wrk: asks for one target, a number drawn at random in the place of {n}, and tells the outcome as JSON.
-- Arguments: target, lowest number, highest number, seed of the numbers. WRK_OUTCOME names the file for the outcome.

-- So many requests are made beforehand: making one costs wrk more than sending it, and wrk must not be what is measured.
local DRAWN = 20000

function init(arguments)
  local target = arguments[1]
  local lowest, highest = tonumber(arguments[2]), tonumber(arguments[3])
  local requests, turn = {}, 0
  math.randomseed(tonumber(arguments[4]))
  for index = 1, target:find("{n}", 1, true) and DRAWN or 1 do
    requests[index] = wrk.format("GET", (target:gsub("{n}", math.random(lowest, highest))))
  end
  local count = #requests
  request = function()
    turn = turn % count + 1
    return requests[turn]
  end
end

function done(summary, latency)
  local errors = summary.errors
  local file = assert(io.open(os.getenv("WRK_OUTCOME"), "w"))
  file:write(string.format(
    '{"requests":%d,"microseconds":%d,"refused":%d,"broken":%d,"median_us":%d,"p99_us":%d}',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
  file:close()
end
