# Sourced by scripts/test-outside: `latchstring deliver` to a real Postfix, and its mails as Python's email package reads them.

# Where Postfix is.
relay=

# The mails of so many users, two of whom the relay refuses: one for good, one for now.
deliveries() { # users
    if ! postfix_can_run; then
        say "skipped: Postfix wants root, so no mail goes through it"
        return
    fi
    install_postfix
    local identity name status=0 count campaign=$folder/campaigns/mails
    {
        echo 'identity_id,email,first_name,last_name,locale'
        for ((identity = 1; identity <= $1; identity++)); do
            name=user$identity
            if [ "$identity" -eq 5 ]; then name=refused; fi
            if [ "$identity" -eq 9 ]; then name=later; fi
            printf '%08d-1111-4222-8333-444455556666,%s@example.org,"Zoë ""%d"" Ay","=O, <Neil>",%s\n' \
                "$identity" "$name" "$identity" "$([ $((identity % 2)) -eq 0 ] && echo de-AT || echo en)"
        done
    } >"$folder/mails.csv"
    "$bin/latchstring" run "$folder/mails.csv" --server "$(cat "$folder/issuer")" --output-dir "$folder/campaigns" \
        --quiet >&2 || status=$?
    expect "deliver, exit code of the run" "$status" 0
    # Postfix has a user of its own, who has to get there.
    relay=$(mktemp -d)
    chmod 755 "$relay"
    start_postfix "$relay" "$(free_port)" || { expect "deliver, Postfix" "not started" started; return; }

    # With STARTTLS, as the certificate of the test is trusted. Killed in the middle, and gone on with.
    local deliver=("$bin/latchstring" deliver --campaign mails --output-dir "$folder/campaigns" --yes --quiet
        --mail "$root/input/mail" --fallback-locale en --from 'Team <it@example.org>' --smtp "$postfix_url" --ca-file "$relay/server.pem")
    "${deliver[@]}" --rate 200/s >&2 &
    local deliverer=$!
    for _ in $(seq 100); do
        [ "$(find "$relay/mail" -type f | wc -l)" -lt 100 ] || break
        sleep 0.05
    done
    kill -KILL "$deliverer" 2>/dev/null || true
    wait "$deliverer" 2>/dev/null || true
    status=0
    "${deliver[@]}" --wait-for-put-off 0s >&2 || status=$?
    expect "deliver, exit code" "$status" 5
    postfix_is_done
    stop_postfix
    count=$(python3 "$root/scripts/outside.d/read-mails.py" --doubles 16 "$relay/mail" \
        "$campaign/invitations.csv" refused@example.org later@example.org) ||
        expect "deliver, mails as Python reads them" "faults" none
    expect "deliver, users with a mail" "$count" "$(($1 - 2))"
    expect "deliver, refused" "$(grep -c 'refused@example.org,failed,550' "$campaign/deliveries.csv")" 1
    expect "deliver, put off" "$(grep -c 'later@example.org,later,450' "$campaign/deliveries.csv")" 1
}
