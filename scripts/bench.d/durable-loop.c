// The floor of what the durable job costs: what curl-loop does, and what nobody may leave out who wants to go on after
// a power cut. Plain C, no retries, no limits but a rate, no checks; the least that a run of latchstring could cost.
//
//     durable-loop URL ROSTER CONCURRENCY LEDGER CSV [PER_SECOND]
//
// Enrols the roster in a SQLite file, each ID once. One thread asks by curl_multi; another one commits, in write-ahead
// mode with synchronous=FULL: who is asked for is marked as claimed before the request leaves, and answers are recorded
// in groups, as many as there are while a commit is under way, none later than 20 ms. At the end the codes are written
// to a CSV file, in the roster's order, and synced. Prints how many identities have a code.

#include <curl/curl.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define UUID_LENGTH 36
#define CLAIMS_MAX 4096

struct claim {
    sqlite3_int64 row;
    char identity[UUID_LENGTH + 1];
};

struct transfer {
    CURL *easy;
    struct curl_slist *headers;
    struct claim claim;
    char request_id[80];
    char body[128];
    char answer[4096];
    size_t answered;
};

struct result {
    sqlite3_int64 row;
    char code[64], link[512], expires[64], request_id[40];
};

static sqlite3 *ledger;
static CURLM *multi;
static long concurrency;

// What the two threads hand over, under the lock.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work_came = PTHREAD_COND_INITIALIZER;
static struct claim claims[CLAIMS_MAX];
static int claim_first, claim_count, wanted;
static struct result *results;
static int result_count;
static int exhausted, asker_ended, asker_waits;

static void give_up(const char *what) {
    fprintf(stderr, "durable-loop: %s%s%s\n", what, ledger ? ": " : "", ledger ? sqlite3_errmsg(ledger) : "");
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void execute(const char *sql) {
    if (sqlite3_exec(ledger, sql, NULL, NULL, NULL) != SQLITE_OK) give_up(sql);
}

static sqlite3_stmt *prepared(const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(ledger, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) give_up(sql);
    return statement;
}

static void run(sqlite3_stmt *statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) give_up("a statement failed");
    sqlite3_reset(statement);
}

static int digit(char character) {
    return character <= '9' ? character - '0' : (character | 32) - 'a' + 10;
}

static void to_bytes(const char *identity, unsigned char bytes[16]) {
    for (int index = 0; index < 16; index++) {
        if (*identity == '-') identity++;
        bytes[index] = (unsigned char)(digit(identity[0]) << 4 | digit(identity[1]));
        identity += 2;
    }
}

static void to_text(const unsigned char *bytes, char identity[UUID_LENGTH + 1]) {
    for (int index = 0; index < 16; index++) {
        if (index == 4 || index == 6 || index == 8 || index == 10) *identity++ = '-';
        *identity++ = "0123456789abcdef"[bytes[index] >> 4];
        *identity++ = "0123456789abcdef"[bytes[index] & 15];
    }
    *identity = 0;
}

// Enrols the roster, in transactions of 10,000 rows.
static void enrol(const char *path) {
    FILE *roster = fopen(path, "r");
    if (!roster) give_up("the roster cannot be opened");
    sqlite3_stmt *insert = prepared("INSERT OR IGNORE INTO identity (identity_id, columns) VALUES (?, ?)");
    char line[512];
    long rows = 0;
    execute("BEGIN IMMEDIATE");
    while (fgets(line, sizeof line, roster)) {
        if (strlen(line) < UUID_LENGTH || line[8] != '-' || line[23] != '-') continue;
        unsigned char bytes[16];
        to_bytes(line, bytes);
        line[strcspn(line, "\r\n")] = 0;
        sqlite3_bind_blob(insert, 1, bytes, 16, SQLITE_TRANSIENT);
        sqlite3_bind_text(insert, 2, line + UUID_LENGTH, -1, SQLITE_TRANSIENT);
        run(insert);
        if (++rows % 10000 == 0) execute("COMMIT; BEGIN IMMEDIATE");
    }
    execute("COMMIT");
    sqlite3_finalize(insert);
    fclose(roster);
}

// What a JSON answer has under a name; texts here need no more than \u0026 for an ampersand.
static void member(const char *answer, const char *name, char *value, size_t size) {
    size_t length = 0;
    const char *at = strstr(answer, name);
    at = at ? strchr(at + strlen(name), ':') : NULL;
    at = at ? strchr(at, '"') : NULL;
    if (!at) give_up("an answer has no code, link or time");
    for (at++; *at && *at != '"' && length + 1 < size; at++) {
        if (strncmp(at, "\\u0026", 6) == 0) { value[length++] = '&'; at += 5; } else value[length++] = *at;
    }
    value[length] = 0;
}

// The committer: one transaction records what has come, and claims what is wanted.
static void *commit(void *context) {
    (void)context;
    sqlite3_stmt *begin = prepared("BEGIN IMMEDIATE"), *end = prepared("COMMIT");
    sqlite3_stmt *select = prepared(
        "SELECT id, identity_id FROM identity WHERE id > ? AND state = 0 ORDER BY id LIMIT ?");
    sqlite3_stmt *mark = prepared("UPDATE identity SET state = 1 WHERE id > ? AND id <= ? AND state = 0");
    sqlite3_stmt *done = prepared("UPDATE identity SET state = 3, attempts = attempts + 1 WHERE id = ?");
    sqlite3_stmt *insert = prepared(
        "INSERT INTO invitation (identity, code, link, expires_at, request_id, issued_at_ms) VALUES (?, ?, ?, ?, ?, ?)");
    struct result *taken = calloc(CLAIMS_MAX, sizeof *taken);
    struct claim *found = calloc(CLAIMS_MAX, sizeof *found);
    if (!taken || !found) give_up("out of memory");
    // Rows are claimed in their order, so none below the last one is looked at again.
    sqlite3_int64 last = 0;
    for (;;) {
        pthread_mutex_lock(&lock);
        int claiming;
        for (;;) {
            claiming = exhausted ? 0 : wanted - claim_count;
            int is_hungry = claiming > 0 && claim_count < (int)concurrency / 2;
            if (result_count >= (int)concurrency || is_hungry || (asker_ended && result_count)) break;
            if (asker_ended) {
                pthread_mutex_unlock(&lock);
                return NULL;
            }
            if (result_count) {
                struct timespec until;
                clock_gettime(CLOCK_REALTIME, &until);
                until.tv_nsec += 20000000;
                if (until.tv_nsec >= 1000000000) { until.tv_sec++; until.tv_nsec -= 1000000000; }
                if (pthread_cond_timedwait(&work_came, &lock, &until) != 0) break;
            } else {
                pthread_cond_wait(&work_came, &lock);
            }
        }
        int count = result_count;
        memcpy(taken, results, (size_t)count * sizeof *taken);
        result_count = 0;
        pthread_mutex_unlock(&lock);

        run(begin);
        sqlite3_int64 issued_at = (sqlite3_int64)time(NULL) * 1000;
        for (int index = 0; index < count; index++) {
            sqlite3_bind_int64(done, 1, taken[index].row);
            run(done);
            sqlite3_bind_int64(insert, 1, taken[index].row);
            sqlite3_bind_text(insert, 2, taken[index].code, -1, SQLITE_STATIC);
            sqlite3_bind_text(insert, 3, taken[index].link, -1, SQLITE_STATIC);
            sqlite3_bind_text(insert, 4, taken[index].expires, -1, SQLITE_STATIC);
            sqlite3_bind_text(insert, 5, taken[index].request_id, -1, SQLITE_STATIC);
            sqlite3_bind_int64(insert, 6, issued_at);
            run(insert);
        }
        int claimed = 0;
        if (claiming > 0) {
            sqlite3_bind_int64(select, 1, last);
            sqlite3_bind_int(select, 2, claiming);
            while (sqlite3_step(select) == SQLITE_ROW) {
                found[claimed].row = sqlite3_column_int64(select, 0);
                to_text(sqlite3_column_blob(select, 1), found[claimed++].identity);
            }
            sqlite3_reset(select);
            if (claimed) {
                sqlite3_bind_int64(mark, 1, last);
                last = found[claimed - 1].row;
                sqlite3_bind_int64(mark, 2, last);
                run(mark);
            }
        }
        run(end);

        pthread_mutex_lock(&lock);
        if (claiming > 0 && claimed < claiming) exhausted = 1;
        memmove(claims, claims + claim_first, (size_t)claim_count * sizeof *claims);
        claim_first = 0;
        memcpy(claims + claim_count, found, (size_t)claimed * sizeof *claims);
        claim_count += claimed;
        int wakes = asker_waits;
        pthread_mutex_unlock(&lock);
        if (wakes) curl_multi_wakeup(multi);
    }
}

static size_t keep(char *bytes, size_t size, size_t count, void *context) {
    struct transfer *transfer = context;
    size_t room = sizeof transfer->answer - 1 - transfer->answered;
    size_t kept = size * count < room ? size * count : room;
    memcpy(transfer->answer + transfer->answered, bytes, kept);
    transfer->answered += kept;
    return size * count;
}

static void prepare(struct transfer *transfer, const char *url) {
    transfer->easy = curl_easy_init();
    if (!transfer->easy) give_up("libcurl could not be set up");
    transfer->headers = curl_slist_append(NULL, "Content-Type: application/json");
    transfer->headers = curl_slist_append(transfer->headers, "Accept: application/json");
    transfer->headers = curl_slist_append(transfer->headers, "Expect:");
    transfer->headers = curl_slist_append(transfer->headers, "X-Request-ID: 0");
    struct curl_slist *last = transfer->headers;
    while (last->next) last = last->next;
    free(last->data);
    last->data = transfer->request_id;
    curl_easy_setopt(transfer->easy, CURLOPT_URL, url);
    curl_easy_setopt(transfer->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(transfer->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(transfer->easy, CURLOPT_USERAGENT, "latchstring/floor");
    curl_easy_setopt(transfer->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS, transfer->body);
    curl_easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(transfer->easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
}

static void start(struct transfer *transfer) {
    int length = snprintf(
        transfer->body, sizeof transfer->body, "{\"identity_id\":\"%s\",\"expires_in\":\"24h\"}",
        transfer->claim.identity);
    // The list holds a pointer to the text, so the header changes with it.
    snprintf(transfer->request_id, sizeof transfer->request_id, "X-Request-ID: %s", transfer->claim.identity);
    transfer->answered = 0;
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE, (long)length);
    if (curl_multi_add_handle(multi, transfer->easy) != CURLM_OK) give_up("a request could not be started");
}

static void finish(struct transfer *transfer, struct result *result) {
    transfer->answer[transfer->answered] = 0;
    result->row = transfer->claim.row;
    member(transfer->answer, "\"recovery_code\"", result->code, sizeof result->code);
    member(transfer->answer, "\"recovery_link\"", result->link, sizeof result->link);
    member(transfer->answer, "\"expires_at\"", result->expires, sizeof result->expires);
    snprintf(result->request_id, sizeof result->request_id, "%s", transfer->claim.identity);
}

// Asks for everybody; commits go on beside it.
static void ask(const char *url, double per_second) {
    struct transfer *transfers = calloc((size_t)concurrency, sizeof *transfers);
    struct transfer **idle = calloc((size_t)concurrency, sizeof *idle);
    struct result *finished = calloc((size_t)concurrency, sizeof *finished);
    if (!transfers || !idle || !finished) give_up("out of memory");
    int idle_count = 0, running = 0;
    for (long index = 0; index < concurrency; index++) {
        prepare(&transfers[index], url);
        idle[idle_count++] = &transfers[index];
    }
    double next = now();
    for (;;) {
        // What the rate lets go, what has been claimed, and what there are handles for.
        int may_start = idle_count;
        double at = now();
        if (per_second > 0) {
            if (next < at - 0.02) next = at - 0.02;
            double due = (at - next) * per_second;
            may_start = due < may_start ? (int)due : may_start;
        }
        pthread_mutex_lock(&lock);
        while (may_start > 0 && claim_count > 0) {
            struct transfer *transfer = idle[--idle_count];
            transfer->claim = claims[claim_first++];
            claim_count--;
            may_start--;
            if (per_second > 0) next += 1 / per_second;
            start(transfer);
            running++;
        }
        int is_over = exhausted && claim_count == 0 && idle_count == (int)concurrency;
        asker_waits = claim_count == 0;
        if (claim_count < (int)concurrency / 2 && !exhausted) pthread_cond_signal(&work_came);
        pthread_mutex_unlock(&lock);
        if (is_over) break;

        int left, count = 0;
        if (curl_multi_perform(multi, &running) != CURLM_OK) give_up("libcurl gave up");
        CURLMsg *message;
        while ((message = curl_multi_info_read(multi, &left))) {
            struct transfer *transfer;
            long status = 0;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
            curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
            if (message->data.result != CURLE_OK || status != 201) give_up("an answer was not a 201");
            curl_multi_remove_handle(multi, transfer->easy);
            finish(transfer, &finished[count++]);
            idle[idle_count++] = transfer;
        }
        if (count) {
            pthread_mutex_lock(&lock);
            memcpy(results + result_count, finished, (size_t)count * sizeof *finished);
            int was_empty = result_count == 0;
            result_count += count;
            if (was_empty || result_count >= (int)concurrency) pthread_cond_signal(&work_came);
            pthread_mutex_unlock(&lock);
            if (per_second == 0) continue;
        }
        // With a rate it wakes every 10 ms, and sends what is due by then.
        curl_multi_poll(multi, NULL, 0, per_second > 0 && idle_count ? 10 : 1000, NULL);
    }
    pthread_mutex_lock(&lock);
    asker_ended = 1;
    pthread_cond_signal(&work_came);
    pthread_mutex_unlock(&lock);
}

static long export(const char *path) {
    FILE *file = fopen(path, "w");
    if (!file) give_up("the CSV file cannot be made");
    sqlite3_stmt *select = prepared(
        "SELECT identity_id, code, link, expires_at, columns FROM identity JOIN invitation ON identity = id ORDER BY id");
    fputs("identity_id,recovery_code,recovery_link,expires_at\r\n", file);
    long rows = 0;
    while (sqlite3_step(select) == SQLITE_ROW) {
        char identity[UUID_LENGTH + 1];
        to_text(sqlite3_column_blob(select, 0), identity);
        fprintf(file, "%s,%s,%s,%s%s\r\n", identity, sqlite3_column_text(select, 1), sqlite3_column_text(select, 2),
            sqlite3_column_text(select, 3), sqlite3_column_text(select, 4));
        rows++;
    }
    if (fflush(file) != 0 || fsync(fileno(file)) != 0 || fclose(file) != 0) give_up("the CSV file cannot be written");
    return rows;
}

int main(int argc, char **argv) {
    if (argc < 6 || argc > 7) give_up("usage: durable-loop URL ROSTER CONCURRENCY LEDGER CSV [PER_SECOND]");
    concurrency = strtol(argv[3], NULL, 10);
    if (concurrency < 1 || concurrency > 1024) give_up("CONCURRENCY is from 1 to 1024");
    double per_second = argc == 7 ? strtod(argv[6], NULL) : 0;
    if (sqlite3_open(argv[4], &ledger) != SQLITE_OK) give_up("the ledger cannot be opened");
    execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -24576;"
        "PRAGMA wal_autocheckpoint = 32768;"
        "CREATE TABLE identity (id INTEGER PRIMARY KEY, identity_id BLOB NOT NULL UNIQUE, columns TEXT NOT NULL,"
        "  state INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0);"
        "CREATE INDEX due ON identity (state, id) WHERE state <> 3;"
        "CREATE TABLE invitation (identity INTEGER PRIMARY KEY, code TEXT, link TEXT, expires_at TEXT,"
        "  request_id TEXT, issued_at_ms INTEGER);");
    enrol(argv[2]);
    if (curl_global_init(CURL_GLOBAL_ALL) != 0 || !(multi = curl_multi_init())) give_up("libcurl could not be set up");
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, concurrency);
    wanted = (int)concurrency * 2;
    results = calloc(CLAIMS_MAX, sizeof *results);
    if (!results) give_up("out of memory");
    pthread_t committer;
    if (pthread_create(&committer, NULL, commit, NULL) != 0) give_up("no thread could be made");
    ask(argv[1], per_second);
    pthread_join(committer, NULL);
    printf("%ld\n", export(argv[5]));
    return 0;
}
