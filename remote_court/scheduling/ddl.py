"""The booking engine's one function, in the database's own language.

Called by ``hold.claim`` after the advisory locks were taken *in a statement of their own*: under
READ COMMITTED this statement then sees everything that earlier holders of the locks committed.
The exclusion constraint stays the proof; the function only makes losing cheap.
"""

from __future__ import annotations

from remote_court.db.ddl import run_with_tables

CLAIM_SESSION = """
CREATE OR REPLACE FUNCTION claim_session(
    p_session bigint, p_kind text, p_status text,
    p_starts timestamptz, p_ends timestamptz, p_during tstzrange,
    p_hold_until timestamptz, p_created_by bigint, p_now timestamptz,
    p_pools bigint[], p_features text[], p_units bigint[], p_people bigint[],
    OUT session_id bigint, OUT unit_ids bigint[], OUT taken bigint
) LANGUAGE plpgsql AS $$
DECLARE
    chosen bigint;
BEGIN
    -- The earliest end of a hold is the first entry of its partial index; asked as EXISTS, a
    -- plan for any p_now reads every session there ever was.
    IF (SELECT s.hold_until FROM session s WHERE s.hold_until IS NOT NULL
        ORDER BY s.hold_until LIMIT 1) <= p_now THEN
        -- In the order in which they were written, so that two who clear one hold wait in line.
        WITH stale AS (
            SELECT r.session_id, r.resource_id FROM reservation r JOIN session s
                ON s.id = r.session_id
            WHERE s.hold_until <= p_now AND r.during && p_during
              AND (r.resource_id = ANY (p_people)
                   OR r.resource_id IN (SELECT u.id FROM unit u WHERE u.pool_id = ANY (p_pools)))
            ORDER BY r.session_id, r.resource_id FOR UPDATE OF r
        )
        DELETE FROM reservation r USING stale
        WHERE r.session_id = stale.session_id AND r.resource_id = stale.resource_id;
    END IF;
    IF p_session IS NOT NULL THEN
        DELETE FROM reservation r WHERE r.session_id = p_session;
    END IF;

    -- Sub-selects with a LIMIT stay sub-selects: the planner must look into the index by
    -- resource and time, and not join what is taken anywhere in the country at that time.
    SELECT p INTO taken FROM unnest(p_people) AS p
    WHERE (SELECT true FROM reservation r
           WHERE r.resource_id = p AND r.during && p_during LIMIT 1) LIMIT 1;
    IF taken IS NOT NULL THEN
        RETURN;
    END IF;

    unit_ids := '{}';
    FOR i IN 1 .. coalesce(array_length(p_pools, 1), 0) LOOP
        SELECT u.id INTO chosen FROM unit u
        WHERE u.pool_id = p_pools[i] AND u.in_service
          AND (p_units[i] = 0 OR u.id = p_units[i]) AND u.id <> ALL (unit_ids)
          AND u.features @> string_to_array(p_features[i], ',')
          AND (SELECT true FROM reservation r
               WHERE r.resource_id = u.id AND r.during && p_during LIMIT 1) IS NULL
        ORDER BY cardinality(u.features), u.number LIMIT 1;
        IF chosen IS NULL THEN
            taken := p_pools[i];
            RETURN;
        END IF;
        unit_ids := unit_ids || chosen;
    END LOOP;

    session_id := coalesce(p_session, nextval('session_id_seq'));
    UPDATE session s SET status = p_status, starts_at = p_starts, ends_at = p_ends,
        hold_until = p_hold_until WHERE s.id = p_session;
    IF NOT FOUND THEN
        INSERT INTO session (id, kind, status, starts_at, ends_at, hold_until, created_by,
            created_at) OVERRIDING SYSTEM VALUE
        VALUES (session_id, p_kind, p_status, p_starts, p_ends, p_hold_until, p_created_by, p_now);
    END IF;
    INSERT INTO reservation (session_id, resource_id, during)
    SELECT claim_session.session_id, r, p_during
    FROM unnest(unit_ids || p_people) AS r ORDER BY r;
END $$
"""

DDL_BEFORE = [
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
]
"""What must be there before the tables."""

DDL_AFTER = [CLAIM_SESSION]
"""What is made once the tables stand."""

run_with_tables(before=DDL_BEFORE, after=DDL_AFTER)
