# Sourced by scripts/bench: what has to be there, the servers on loopback, and the end of everything.

work=
latchstring= simulator_program=
# The processes that run for the script, to be stopped.
nginx_pid= simulator_pid= sink_pid= run_pid=
# Where the servers are.
nginx_url= simulator_url= sink_url=
# How many mails the latest relay has taken.
mails_taken=0

prepare_bench() {
    install_servers
    work=$(mktemp -d "${TMPDIR:-/tmp}/latchstring-bench.XXXXXX")
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    cc -O2 -o "$work/curl-loop" "$parts/curl-loop.c" -lcurl
    cc -O2 -o "$work/durable-loop" "$parts/durable-loop.c" -lcurl -lsqlite3 -lpthread
    cc -O2 -o "$work/mail-loop" "$parts/mail-loop.c" -lcurl -lpthread
    cc -O2 -o "$work/mail-sink" "$parts/mail-sink.c"
    if [ -z "$bin" ]; then
        local product
        say "Building (the first time takes some minutes)"
        for product in latchstring kratos-simulator; do "${release[@]}" --product "$product" >&2; done
        bin=$("${release[@]}" --show-bin-path)
    fi
    latchstring=$bin/latchstring simulator_program=$bin/kratos-simulator
    # Neither a settings file of the working folder nor a variable changes what is measured.
    cd "$work"
    local name
    for name in ${!LATCHSTRING_@}; do unset "$name"; done
    export PATH=$PATH:/usr/sbin
}

# Debian starts the nginx that it installs, on every address of the machine; here nobody wants it to.
install_servers() {
    local as_root=() policy=/usr/sbin/policy-rc.d
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
    if ! dpkg-query -W nginx-light >/dev/null 2>&1 && [ ! -e "$policy" ] && [ -d "${policy%/*}" ]; then
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" install -m 755 /dev/stdin "$policy"
        # shellcheck disable=SC2064
        trap "${as_root[*]} rm -f $policy" EXIT
        install_missing nginx-light
        "${as_root[@]}" rm -f "$policy"
        trap - EXIT
    fi
    install_missing nginx-light wrk curl time
    command -v cc >/dev/null || install_missing gcc libc6-dev
}

finish() {
    local pid
    for pid in "$run_pid" "$simulator_pid" "$nginx_pid" "$sink_pid"; do
        [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    done
    wait
    [ -z "$work" ] || rm -rf "$work"
}

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
}

# An nginx that answers every request as Kratos answers one for a code; the same for the whole script.
need_nginx() {
    [ -z "$nginx_pid" ] || return 0
    local folder=$work/nginx try
    mkdir "$folder"
    for try in 1 2 3 4 5; do
        local port
        port=$(free_port)
        nginx_settings "$port" "$folder" >"$folder/nginx.conf"
        nginx -p "$folder" -c "$folder/nginx.conf" -e "$folder/error.log" >/dev/null 2>&1 &
        nginx_pid=$!
        nginx_url=http://127.0.0.1:$port
        for _ in {1..100}; do
            kill -0 "$nginx_pid" 2>/dev/null || break
            if curl -s --noproxy '*' -o /dev/null "$nginx_url/"; then return 0; fi
            sleep 0.05
        done
        kill "$nginx_pid" 2>/dev/null || true
        wait "$nginx_pid" || true
    done
    nginx_pid=
    cp "$folder/error.log" "$work/err"
    give_up "nginx could not be started"
}

nginx_settings() {
    local port=$1 folder=$2 expiry link
    expiry=$(date -u -d '+24 hours' +%Y-%m-%dT%H:%M:%S.123456789Z)
    link=http://127.0.0.1:4455/recovery?flow=8a6f7c1e-6e0c-4f0f-9c3b-2f5d1f1b7a11
    cat <<CONFIGURATION
daemon off;
worker_processes 1;
pid $folder/pid;
error_log $folder/error.log crit;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 3600s;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    server {
        listen 127.0.0.1:$port backlog=4096;
        default_type "application/json; charset=utf-8";
        location / {
            return 201 '{"recovery_link":"$link","recovery_code":"764539","expires_at":"$expiry"}';
        }
    }
}
CONFIGURATION
}

# A simulated Kratos with these options, in a session of its own, so that ^C reaches the others first.
start_simulator() {
    exec 3< <(exec setsid "$simulator_program" --admin-port 0 --public-port 0 "$@" 2>"$work/simulator")
    simulator_pid=$!
    if ! read -r _ simulator_url <&3; then
        cp "$work/simulator" "$work/err"
        give_up "kratos-simulator could not be started"
    fi
}

# Stops it; its counters are in $work/simulator then.
stop_simulator() {
    local pid=$simulator_pid
    simulator_pid=
    exec 3<&-
    kill "$pid" 2>/dev/null || give_up "kratos-simulator ended before it was told to"
    wait "$pid" || true
}

# A relay that takes so many milliseconds for each mail, and throws it away.
start_sink() {
    local port
    port=$(free_port)
    "$work/mail-sink" "$port" "$1" >"$work/sink" 2>&1 &
    sink_pid=$!
    sink_url=smtp://127.0.0.1:$port
    for _ in {1..100}; do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return 0; fi
        sleep 0.05
    done
    give_up "the relay could not be started"
}

stop_sink() {
    kill -USR1 "$sink_pid"
    for _ in {1..100}; do
        [ ! -s "$work/sink" ] || break
        sleep 0.05
    done
    mails_taken=$(cat "$work/sink")
    kill "$sink_pid"
    wait "$sink_pid" || true
    sink_pid=
}

# A roster of so many made-up identities: $work/roster-N.csv.
need_roster() {
    roster=$work/roster-$1.csv
    [ ! -e "$roster" ] || return 0
    start_simulator --identities "$1" --write-roster "$roster"
    stop_simulator
}
