# Sourced by scripts/bench: one measurement, and the arithmetic and the tables of many.

# What the latest measurement found.
elapsed=0 cpu=0 memory=0 status=0
# Measurements by "contestant figure", separated by blanks.
declare -A measured=()

# Runs a command to its end; its output goes to $work/out and $work/err.
measure() {
    status=0
    # In the background, since a trap waits for what is in the foreground; timeout passes a signal on to the rest.
    timeout "$measurement_max" /usr/bin/time -q -o "$work/time" -f '%e %U %S %M' "$@" \
        >"$work/out" 2>"$work/err" </dev/null &
    run_pid=$!
    wait "$run_pid" || status=$?
    run_pid=
    [ "$status" -ne 124 ] || give_up "$1 took longer than $measurement_max s"
    local user system
    read -r elapsed user system memory <"$work/time"
    cpu=$(calculate "$user + $system")
}

# Ends the script where a measurement went wrong, since its figures would mislead.
give_up() {
    say "scripts/bench: $*"
    [ ! -s "$work/err" ] || tail -n 20 "$work/err" >&2
    exit 1
}

# Notes the latest measurement of a contestant that worked on so many identities.
note() {
    measured["$1 rate"]+=" $(calculate "$2 / $elapsed")"
    measured["$1 cpu"]+=" $(calculate "$cpu * 1e6 / $2")"
    measured["$1 memory"]+=" $(calculate "$memory / 1024")"
}

calculate() { awk "BEGIN { printf \"%.8g\", ($1) }"; }

median() {
    printf '%s\n' "$@" | sort -g |
        awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# The median of a contestant's figure; empty where it was not measured.
median_of() {
    local values=${measured["$1 $2"]:-}
    # shellcheck disable=SC2086
    [ -z "$values" ] || median $values
}

# A number as tables show it: whole from 100, one digit behind the point below.
shown() { awk -v x="$1" 'BEGIN { printf (x >= 100 ? "%.0f" : "%.1f"), x }'; }
percent() { awk -v x="$1" -v digits="${2:-1}" 'BEGIN { printf "%.*f%%", digits, x * 100 }'; }

title() { printf '\n%s\n' "$*"; }
table_head() { printf '  %-34s %14s %14s %12s\n' "$1" "identities/s" "CPU us each" "peak MB"; }

# A line of a table: the medians of one contestant.
table_line() {
    local name=$1 key=$2
    printf '  %-34s %14s %14s %12s\n' "$name" "$(shown "$(median_of "$key" rate)")" \
        "$(shown "$(median_of "$key" cpu)")" "$(shown "$(median_of "$key" memory)")"
}

# The first number that a JSON document has under a name.
json_number() { sed -n "s/.*\"$1\" *: *\\([0-9.]*\\).*/\\1/p" "$2" | head -n 1; }

about_the_machine() {
    local model disk load
    model=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
    disk=$(df --output=fstype "$work" | tail -n 1)
    read -r load _ </proc/loadavg
    printf '%s cores (%s), Linux %s, ledgers on %s\n' "$(nproc)" "${model:-unknown}" "$(uname -r)" "$disk"
    printf 'latchstring %s, libcurl %s, nginx %s\n' "$("$latchstring" --version)" \
        "$(curl --version | sed -n '1s/.*libcurl\/\([^ ]*\).*/\1/p')" "$(nginx -v 2>&1 | sed 's/.*\///')"
    if awk -v load="$load" 'BEGIN { exit !(load > 0.5) }'; then
        say "Something else is running here (load $load): the figures are lower than they could be."
    fi
}

# What the bare loop costs beside what latchstring costs, where both were measured.
show_ratios() {
    local key rate cpu
    [ -n "$(median_of latchstring rate)" ] || return 0
    title "Ratios, of medians over $rounds rounds"
    for key in durable wrk aiohttp curl unlogged against; do
        [ -n "$(median_of "$key" rate)" ] || continue
        rate=$(calculate "$(median_of latchstring rate) / $(median_of "$key" rate)")
        cpu=$(calculate "$(median_of latchstring cpu) / $(median_of "$key" cpu)")
        printf '  latchstring / %-10s rate %s, CPU each %s\n' "$key" "$(ratio "$rate")" "$(ratio "$cpu")"
    done
    rate=$(calculate "$(median_of latchstring rate) / $(median_of bare rate)")
    cpu=$(calculate "$(median_of latchstring cpu) / $(median_of bare cpu)")
    printf '  latchstring / bare loop  rate %s (aim: at least 0.55), CPU each %s (aim: at most 2.6)\n' \
        "$(ratio "$rate")" "$(ratio "$cpu")"
}

ratio() { awk -v x="$1" 'BEGIN { printf (x < 0.1 ? "%.3f" : "%.2f"), x }'; }
