# Sourced by scripts/test-outside: a real Postfix on loopback, with its whole configuration in a folder of the test's own.

postfix_folder= postfix_url=

# Postfix needs root, for its own user; it is never started with the machine's own configuration.
postfix_can_run() { [ "$(id -u)" -eq 0 ]; }

# Debian starts the Postfix that it installs; here nobody wants it to.
install_postfix() {
    local policy=/usr/sbin/policy-rc.d
    if ! dpkg-query -W postfix >/dev/null 2>&1 && [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | install -m 755 /dev/stdin "$policy"
        install_missing postfix openssl
        rm -f "$policy"
    else
        install_missing postfix openssl
    fi
}

# A Postfix that puts mails for example.org into files, one for each, and refuses some addresses. It takes STARTTLS with
# the certificate $folder/server.pem, which is made anew for it; nothing leaves the machine.
start_postfix() {
    local dir=$1 port=$2 user
    postfix_folder=$dir
    user=$(id -u postfix)
    mkdir -p "$dir"/{etc,queue,data,mail}
    chown postfix "$dir/data" "$dir/mail"
    chmod 755 "$dir"
    cat >"$dir/etc/main.cf" <<CONFIGURATION
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
myhostname = relay.example.org
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
maillog_file = $dir/log
maillog_file_prefixes = $dir
virtual_mailbox_domains = example.org
virtual_mailbox_base = $dir/mail
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:$user
virtual_gid_maps = static:$(id -g postfix)
virtual_minimum_uid = 1
default_transport = error:no mail leaves this machine
relay_transport = error:no mail leaves this machine
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access inline:{ {refused@example.org=550 5.1.1 no such user}, {later@example.org=450 4.2.0 come back later} }
smtpd_tls_security_level = may
smtpd_tls_cert_file = $dir/server.pem
smtpd_tls_key_file = $dir/server.key
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_peername_lookup = no
message_size_limit = 1000000
CONFIGURATION
    cat >"$dir/etc/master.cf" <<SERVICES
127.0.0.1:$port inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
SERVICES
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=IP:127.0.0.1,DNS:localhost -keyout "$dir/server.key" -out "$dir/server.pem" 2>/dev/null
    postfix -c "$dir/etc" set-permissions >/dev/null 2>&1 || true
    postfix -c "$dir/etc" start >"$dir/start" 2>&1 || { cat "$dir/start" "$dir/log" >&2; return 1; }
    postfix_url=smtp://127.0.0.1:$port
    for _ in $(seq 100); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return 0
        sleep 0.1
    done
    return 1
}

# Waits until it has put every mail that it has taken where it belongs.
postfix_is_done() {
    for _ in $(seq 300); do
        [ -n "$(find "$postfix_folder/queue/"{incoming,active,maildrop} -type f 2>/dev/null)" ] || return 0
        sleep 0.1
    done
}

stop_postfix() {
    [ -z "$postfix_folder" ] || postfix -c "$postfix_folder/etc" stop >/dev/null 2>&1 || true
    postfix_folder=
}
