# Sourced by scripts/bench: what is measured, section by section.

roster=
# The rows of the finished campaign that is kept, if one is; it is always called 'kept'.
kept_rows=

# Runs latchstring on a roster; further options follow.
run_latchstring() {
    local campaign=$1 roster=$2 server=$3
    shift 3
    measure "$latchstring" run "$roster" --server "$server" --campaign "$campaign" --output-dir "$work/reports" \
        --proxy none --json --quiet "$@"
}

expect_issued() {
    local issued
    issued=$(json_number issued "$work/out")
    [ "$status" -eq 0 ] && [ "${issued:-0}" -eq "$1" ] ||
        give_up "latchstring ended with $status and ${issued:-none} of $1 issued"
}

section_floor() {
    need_nginx
    need_roster "$floor_rows"
    local url=$nginx_url/admin/recovery/code round candidate python=
    # Debian's package is for Debian's Python, which need not be the first in the PATH.
    for candidate in python3 /usr/bin/python3; do
        if [ -z "$python" ] && "$candidate" -c 'import aiohttp' 2>/dev/null; then python=$candidate; fi
    done
    for ((round = 1; round <= rounds; round++)); do
        say "floor, round $round of $rounds"
        floor_bare "$url"
        durable_loop durable "$url" "$floor_rows"
        floor_wrk "$url"
        [ -z "$python" ] || floor_aiohttp "$python" "$url"
        floor_curl "$url"
        floor_latchstring latchstring "$latchstring"
        floor_latchstring unlogged "$latchstring" --log none
        [ -z "$against" ] || floor_latchstring against "$against"
    done
    title "Floor: $floor_rows identities, $concurrency in flight, nginx on loopback, medians of $rounds rounds"
    table_head ""
    table_line "bare C loop (curl_multi)" bare
    table_line "durable C loop (and SQLite, CSV)" durable
    table_line "wrk (without libcurl)" wrk
    if [ -n "$(median_of aiohttp rate)" ]; then
        table_line "Python aiohttp and SQLite" aiohttp
    else
        printf '  %-34s %s\n' "Python aiohttp and SQLite" "not measured: python3-aiohttp is not installed"
    fi
    table_line "curl for each, xargs -P $concurrency" curl
    table_line "latchstring run, whole process" latchstring
    table_line "latchstring run --log none" unlogged
    [ -z "$against" ] || table_line "the other latchstring run" against
}

# A name, a build of latchstring, and its further options.
floor_latchstring() {
    local name=$1 latchstring=$2
    shift 2
    run_latchstring floor "$roster" "$nginx_url" --concurrency "$concurrency" "$@"
    expect_issued "$floor_rows"
    note "$name" "$floor_rows"
    rm -rf "$work/reports/floor"
}

floor_bare() {
    measure "$work/curl-loop" "$1" "$roster" "$concurrency"
    [ "$status" -eq 0 ] && [ "$(cat "$work/out")" -eq "$floor_rows" ] || give_up "the bare loop failed"
    note bare "$floor_rows"
}

# A name, the URL, the rows of $roster, and requests a second where they are limited.
durable_loop() {
    local name=$1 url=$2 rows=$3
    shift 3
    rm -f "$work"/durable.*
    measure "$work/durable-loop" "$url" "$roster" "$concurrency" "$work/durable.sqlite" "$work/durable.csv" "$@"
    [ "$status" -eq 0 ] && [ "$(cat "$work/out")" -eq "$rows" ] || give_up "the durable loop failed"
    note "$name" "$rows"
}

floor_wrk() {
    measure wrk --threads 1 --connections "$concurrency" --duration 4s --script "$parts/post.lua" "$1" -- "$roster"
    local requests errors
    requests=$(sed -n 's/^wrk-requests //p' "$work/out") errors=$(sed -n 's/^wrk-errors //p' "$work/out")
    [ "$status" -eq 0 ] && [ "${errors:-1}" -eq 0 ] && [ "${requests:-0}" -gt 0 ] || give_up "wrk failed"
    note wrk "$requests"
}

floor_aiohttp() {
    local rows=$((floor_rows < 20000 ? floor_rows : 20000))
    head -n "$((rows + 1))" "$roster" >"$work/few.csv"
    rm -f "$work"/aiohttp.sqlite*
    measure "$1" "$parts/aiohttp-job.py" "$2" "$work/few.csv" "$work/aiohttp.sqlite" "$concurrency"
    [ "$status" -eq 0 ] && [ "$(cat "$work/out")" -eq "$rows" ] || give_up "the aiohttp script failed"
    note aiohttp "$rows"
}

floor_curl() {
    local rows=$((floor_rows < 1000 ? floor_rows : 1000)) codes
    sed -n "2,$((rows + 1))s/,.*//p" "$roster" >"$work/ids"
    measure xargs -a "$work/ids" -P "$concurrency" -I '{}' curl -s --noproxy '*' -o /dev/null -w '%{http_code}\n' \
        -H 'Content-Type: application/json' -H 'Accept: application/json' -H 'X-Request-ID: {}' \
        --data-raw '{"identity_id":"{}","expires_in":"24h"}' "$1"
    codes=$(grep -c '^201$' "$work/out" || true)
    [ "$status" -eq 0 ] && [ "$codes" -eq "$rows" ] || give_up "curl failed"
    note curl "$rows"
}

# The sizes up to the wanted one.
sizes() {
    local size
    for size in 10000 100000 1000000 10000000; do
        if [ "$size" -lt "$rows_max" ]; then echo "$size"; fi
    done
    echo "$rows_max"
}

section_sizes() {
    need_nginx
    title "Sizes: latchstring run, $concurrency in flight, nginx on loopback, one round"
    table_head "rows"
    local size
    for size in $(sizes); do
        say "sizes, $size rows"
        finish_campaign "$size"
        note "size-$size" "$size"
        table_line "$size" "size-$size"
    done
}

# A whole campaign of so many rows, which is kept for `resume`.
finish_campaign() {
    need_roster "$1"
    rm -rf "$work/reports/kept"
    kept_rows=
    run_latchstring kept "$roster" "$nginx_url" --concurrency "$concurrency"
    expect_issued "$1"
    kept_rows=$1
}

section_resume() {
    need_nginx
    if [ "$kept_rows" != "$rows_max" ]; then
        say "resume, making a finished campaign of $rows_max rows"
        finish_campaign "$rows_max"
    fi
    need_roster "$rows_max"
    title "Resume: running a finished campaign of $rows_max rows again"
    printf '  %-34s %14s %14s %12s\n' "" "seconds" "CPU s" "peak MB"
    local round
    for ((round = 1; round <= rounds; round++)); do
        run_latchstring kept "$roster" "$nginx_url" --concurrency "$concurrency"
        expect_issued "$rows_max"
        printf '  %-34s %14s %14s %12s\n' "again, round $round" "$elapsed" "$cpu" "$(calculate "int($memory / 1024)")"
    done
}

section_first_request() {
    title "First request: from the start of the process to the first arrival at the server, one round"
    printf '  %-34s %14s\n' "rows" "seconds"
    local size
    for size in $(sizes); do
        say "first-request, $size rows"
        first_request "$size"
    done
}

first_request() {
    need_roster "$1"
    local log=$work/first.log start arrival
    rm -rf "$log" "$work/reports/first"
    start_simulator --identities any --log "$log"
    start=$EPOCHREALTIME
    "$latchstring" run "$roster" --server "$simulator_url" --campaign first --output-dir "$work/reports" \
        --proxy none --quiet --no-export --concurrency "$concurrency" >"$work/out" 2>"$work/err" </dev/null &
    run_pid=$!
    while [ ! -s "$log" ] && kill -0 "$run_pid" 2>/dev/null; do
        sleep 0.05
        awk -v now="$EPOCHREALTIME" -v start="$start" -v max="$measurement_max" \
            'BEGIN { exit now - start > max }' || break
    done
    arrival=$(head -n 1 "$log" | log_times)
    # The rest is of no interest, and nothing of it is kept.
    kill -KILL "$run_pid" 2>/dev/null || true
    wait "$run_pid" 2>/dev/null || true
    run_pid=
    stop_simulator
    rm -rf "$log" "$work/reports/first"
    [ -n "$arrival" ] || give_up "no request came within $measurement_max s"
    printf '  %-34s %14s\n' "$1" "$(awk -v a="$arrival" -v s="$start" 'BEGIN { printf "%.2f", a - s }')"
}

# When the requests of a simulator's log on standard input arrived, in seconds.
log_times() { sed 's/^{"t":\([0-9.]*\),.*/\1/'; }

# Requests in a log, and the seconds from the first to the last: "N SECONDS".
log_span() {
    log_times <"$1" | sort -g | awk 'NR == 1 { first = $1 } { last = $1 } END { printf "%d %.6f\n", NR, last - first }'
}

section_rates() {
    local measurement_max=600
    title "Rates: against a simulator that enforces exactly the same limits"
    printf '  %-34s %10s %12s %10s %10s\n' "" "reached" "429 answers" "peak 1 s" "peak 60 s"
    rates_line 20000 "1000/s" "(20000 - 1) / 1000" --rate 1000/s
    # 175 in 21.8 s of every minute.
    rates_line 400 "8/s and 175/m" "int((400 - 1) / 175) * 60 + ((400 - 1) % 175) / 8" --rate 8/s --rate 175/m
    title "Refusals: --rate 300/s, against the run without faults, and a limit that only refuses"
    printf '  %-34s %10s %12s %10s %10s\n' "" "rate" "429 answers" "peak 1 s" "peak 60 s"
    refusals_line 9000 "no faults" whole
    refusals_line 9000 "429 to 0.1%" "" --fault 429=0.1%
    refusals_line 9000 "429 to 0.1%, Retry-After: 1" "" --fault 429=0.1%:retry-after=1
    refusals_line 9000 "429 to 1%" "" --fault 429=1%
    refusals_line 9000 "429 to 1%, Retry-After: 1" "" --fault 429=1%:retry-after=1
    # Found within the first minute, of two.
    refusals_line 18000 "a limit of 150/s, not announced" 150 --rate-limit 150/s --limit-headers none
}

# Rows, a name, and the simulator's options. The rate is shown beside that of the first line; beside a rate, where one
# is given.
refusals_line() {
    local rows=$1 name=$2 base=$3 count seconds refused rate
    shift 3
    say "rates, $name"
    need_roster "$rows"
    rm -f "$work/rates.log"
    start_simulator --identities any --log "$work/rates.log" "$@"
    run_latchstring rates "$roster" "$simulator_url" --concurrency "$concurrency" --rate 300/s
    stop_simulator
    expect_issued "$rows"
    rm -rf "$work/reports/rates"
    read -r count seconds <<<"$(log_span "$work/rates.log")"
    refused=$(grep -c '"status":429' "$work/rates.log" || true)
    rate=$(calculate "($rows - 1) / $seconds")
    if [ "$base" = whole ]; then
        rate_without_faults=$rate
        base=300
    fi
    printf '  %-34s %10s %12s %10s %10s\n' "$name" "$(percent "$(calculate "$rate / ${base:-$rate_without_faults}")")" \
        "$(percent "$(calculate "$refused / $count")" 3)" "$(json_number peak_1s "$work/simulator")" \
        "$(json_number peak_60s "$work/simulator")"
}

# Rows, a name, the seconds that the limits leave, and the limits as latchstring's options.
rates_line() {
    local rows=$1 name=$2 least=$3 limits count seconds refused received
    shift 3
    limits=("${@/--rate/--rate-limit}")
    say "rates, $name"
    need_roster "$rows"
    rm -f "$work/rates.log"
    start_simulator --identities any --log "$work/rates.log" "${limits[@]}"
    run_latchstring rates "$roster" "$simulator_url" --concurrency "$concurrency" "$@"
    stop_simulator
    expect_issued "$rows"
    rm -rf "$work/reports/rates"
    read -r count seconds <<<"$(log_span "$work/rates.log")"
    refused=$(json_number rate_limited "$work/simulator")
    received=$(json_number requests_received "$work/simulator")
    [ "$count" -eq "$received" ] || give_up "the simulator's log is incomplete"
    printf '  %-34s %10s %12s %10s %10s\n' "$name, $rows identities" "$(percent "$(calculate "($least) / $seconds")")" \
        "$(percent "$(calculate "$refused / $received")" 3)" "$(json_number peak_1s "$work/simulator")" \
        "$(json_number peak_60s "$work/simulator")"
}

section_pace() {
    need_nginx
    local rows=5000 slow_rows=400 round
    for ((round = 1; round <= rounds; round++)); do
        say "pace, round $round of $rounds"
        need_roster "$rows"
        durable_loop pace-durable "$nginx_url/admin/recovery/code" "$rows" 500
        run_latchstring pace "$roster" "$nginx_url" --concurrency "$concurrency" --rate 500/s
        expect_issued "$rows"
        note pace-500 "$rows"
        rm -rf "$work/reports/pace"
        need_roster "$slow_rows"
        run_latchstring pace "$roster" "$nginx_url" --concurrency "$concurrency" --rate 8/s
        expect_issued "$slow_rows"
        measured["pace-8 core"]+=" $(calculate "$cpu / $elapsed")"
        rm -rf "$work/reports/pace"
    done
    title "Pace: at a rate, nginx on loopback, medians of $rounds rounds"
    table_head "$rows identities at 500/s"
    table_line "durable C loop (and SQLite, CSV)" pace-durable
    table_line "latchstring run --rate 500/s" pace-500
    printf '  %-34s %14s of a core\n' "latchstring run --rate 8/s" "$(percent "$(median_of pace-8 core)")"
}

section_concurrency() {
    local measurement_max=120
    title "Concurrency: issued a second on servers as fast as a measured Kratos, medians of $rounds rounds"
    concurrency_shape postgresql 6000
    concurrency_shape sqlite-wal 4000
    concurrency_shape sqlite 1500
}

# A preset of the simulator, and the identities to ask for: some seconds at the best rate.
concurrency_shape() {
    local preset=$1 rows=$2 level round best=0 rate
    need_roster "$rows"
    for ((round = 1; round <= rounds; round++)); do
        for level in 1 2 4 8 16 32 64 auto; do
            say "concurrency, $preset, $level in flight, round $round of $rounds"
            concurrency_level "$preset" "$rows" "$level"
        done
    done
    for level in 1 2 4 8 16 32 64; do
        rate=$(median_of "$preset-$level" rate)
        best=$(calculate "$rate > $best ? $rate : $best")
    done
    printf '  %-34s %14s %14s\n' "$preset" "issued/s" "of the best"
    for level in 1 2 4 8 16 32 64 auto; do
        rate=$(median_of "$preset-$level" rate)
        if [ -z "$rate" ]; then
            printf '  %-34s %14s\n' "  $level" "not an option of this build"
        else
            printf '  %-34s %14s %14s\n' "  $level" "$(shown "$rate")" "$(percent "$(calculate "$rate / $best")")"
        fi
    done
}

concurrency_level() {
    local preset=$1 rows=$2 level=$3 count seconds
    rm -f "$work/level.log"
    start_simulator --identities any --service-preset "$preset" --log "$work/level.log"
    run_latchstring level "$roster" "$simulator_url" --concurrency "$level"
    stop_simulator
    rm -rf "$work/reports/level"
    # ArgumentParser's status for an option that it does not take.
    if [ "$level" = auto ] && [ "$status" -eq 64 ]; then return 0; fi
    expect_issued "$rows"
    read -r count seconds <<<"$(log_span "$work/level.log")"
    measured["$preset-$level rate"]+=" $(calculate "($count - 1) / $seconds")"
}

section_sealing() {
    need_nginx
    need_roster "$floor_rows"
    local round rate cpu
    rm -f "$work/seal.key" "$work/seal.pub"
    "$latchstring" keygen --output "$work/seal.key" >/dev/null
    for ((round = 1; round <= rounds; round++)); do
        say "sealing, round $round of $rounds"
        # By turns, so that what else happens on the machine is in both.
        sealing_run plain
        sealing_run sealed --seal-to "$work/seal.pub"
    done
    title "Sealing: $floor_rows identities, $concurrency in flight, nginx on loopback, medians of $rounds rounds"
    table_head ""
    table_line "codes readable" sealing-plain
    table_line "codes sealed" sealing-sealed
    rate=$(calculate "$(median_of sealing-sealed rate) / $(median_of sealing-plain rate)")
    cpu=$(calculate "$(median_of sealing-sealed cpu) / $(median_of sealing-plain cpu)")
    printf '  sealed / readable        rate %s (aim: at least 0.90), CPU each %s\n' "$(ratio "$rate")" "$(ratio "$cpu")"
}

# A name, and latchstring's further options.
sealing_run() {
    local name=$1
    shift
    run_latchstring sealing "$roster" "$nginx_url" --concurrency "$concurrency" --no-export "$@"
    expect_issued "$floor_rows"
    note "sealing-$name" "$floor_rows"
    rm -rf "$work/reports/sealing"
}

section_formats() {
    need_nginx
    local roster format options
    need_roster "$format_rows"
    # The simulator's roster has addresses already; names are made of their beginnings.
    awk -F , 'NR == 1 { print $0 ",first_name,last_name,locale"; next }
        { name = $2; sub(/@.*/, "", name); print $0 ",Ann " name ",O Neil,de" }' "$roster" >"$work/addressed.csv"
    say "formats, making a finished campaign of $format_rows rows"
    run_latchstring formats "$work/addressed.csv" "$nginx_url" --concurrency "$concurrency" --no-export
    expect_issued "$format_rows"
    title "Formats: latchstring export of $format_rows invitations, one round (aim: at most 100 MB)"
    printf '  %-34s %14s %14s %12s %12s\n' "" "seconds" "CPU s" "peak MB" "MB written"
    for format in csv listmonk keila mailchimp sendgrid-contacts brevo-contacts hubspot customerio mautic phplist \
        activecampaign mailmerge ses sendgrid postmark mailgun brevo mailjet mailchimp-api klaviyo xlsx spreadsheet jsonl; do
        say "formats, $format"
        options=()
        [ "$format" = csv ] || options=(--format "$format" --from 'Team <it@example.com>' --template 7)
        measure "$latchstring" export --campaign formats --output-dir "$work/reports" "${options[@]}"
        [ "$status" -eq 0 ] || give_up "the export in $format ended with $status"
        printf '  %-34s %14s %14s %12s %12s\n' "$format" "$elapsed" "$cpu" "$(calculate "int($memory / 1024)")" \
            "$(du -cm "$work/reports/formats/invitations."* | tail -n 1 | cut -f 1)"
        rm -f "$work/reports/formats/invitations."*
    done
    rm -rf "$work/reports/formats" "$work/addressed.csv"
}

section_deliver() {
    need_nginx
    local roster name delay round connections=8
    need_roster "$mail_rows"
    awk -F , 'NR == 1 { print $0 ",first_name,locale"; next } { print $0 ",Ann,en" }' "$roster" >"$work/mails.csv"
    say "deliver, making a finished campaign of $mail_rows rows"
    run_latchstring mails "$work/mails.csv" "$nginx_url" --concurrency "$concurrency"
    expect_issued "$mail_rows"
    mv "$work/reports/mails" "$work/mails"
    mail_templates
    for ((round = 1; round <= rounds; round++)); do
        for delay in 5 0; do
            say "deliver, round $round of $rounds, $delay ms for each mail"
            mail_loop "$delay"
            mail_latchstring "$delay"
        done
    done
    title "Deliver: $mail_rows mails over $connections connections, a relay on loopback, medians of $rounds rounds"
    for delay in 5 0; do
        table_head "$delay ms for each mail"
        table_line "C sender, the same dialogue" "mail-loop-$delay"
        table_line "latchstring deliver" "mail-$delay"
        printf '  %-34s rate %s (aim: at least 0.9), CPU each %s (aim: at most 2.5)\n' "latchstring / C sender" \
            "$(ratio "$(calculate "$(median_of "mail-$delay" rate) / $(median_of "mail-loop-$delay" rate)")")" \
            "$(ratio "$(calculate "$(median_of "mail-$delay" cpu) / $(median_of "mail-loop-$delay" cpu)")")"
    done
    rm -rf "$work/mails" "$work/mails.csv" "$work/templates"
}

# The mail of the C sender.
mail_templates() {
    mkdir -p "$work/templates"
    echo 'Your account' >"$work/templates/subject.txt"
    printf 'Hello,\n\nyour code is {{code}}.\n\nOpen {{link}}\n' >"$work/templates/text.mustache"
    printf '%s\n%s\n' '<!doctype html><html lang="en"><body><p>Hello,</p><p>your code is <b>{{code}}</b>.</p>' \
        '<p><a href="{{link}}">Open</a></p></body></html>' >"$work/templates/html.mustache"
}

# Milliseconds that the relay takes for each mail.
mail_loop() {
    start_sink "$1"
    measure "$work/mail-loop" "$sink_url/bench" "$work/mails/invitations.csv" "$connections"
    [ "$status" -eq 0 ] && [ "$(cat "$work/out")" -eq "$mail_rows" ] || give_up "the C sender failed"
    stop_sink
    note "mail-loop-$1" "$mail_rows"
}

mail_latchstring() {
    start_sink "$1"
    cp -r "$work/mails" "$work/reports/mails"
    measure "$latchstring" deliver --campaign mails --output-dir "$work/reports" --mail "$work/templates" \
        --smtp "$sink_url" --from 'Team <it@example.com>' --connections "$connections" --yes --quiet
    [ "$status" -eq 0 ] || give_up "latchstring deliver ended with $status"
    stop_sink
    [ "$mails_taken" -eq "$mail_rows" ] || give_up "latchstring deliver sent $mails_taken of $mail_rows mails"
    note "mail-$1" "$mail_rows"
    rm -rf "$work/reports/mails"
}
