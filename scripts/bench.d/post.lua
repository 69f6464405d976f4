-- What wrk sends: the request of latchstring, with another identity each time, read again from the first at the end.
--
--     wrk -s post.lua URL -- ROSTER

local identities = {}
local position = 0

function init(arguments)
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.headers["Accept"] = "application/json"
    for line in io.lines(arguments[1]) do
        local identity = line:match("^(%x+%-%x+%-%x+%-%x+%-%x+)")
        if identity then identities[#identities + 1] = identity end
        if #identities == 100000 then break end
    end
end

function request()
    position = position % #identities + 1
    local identity = identities[position]
    wrk.headers["X-Request-ID"] = identity
    return wrk.format(nil, nil, nil, '{"identity_id":"' .. identity .. '","expires_in":"24h"}')
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format("wrk-requests %d\n", summary.requests))
    io.write(string.format("wrk-errors %d\n", errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
