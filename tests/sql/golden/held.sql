SELECT
  c.id
FROM customers AS c
WHERE
  c.tier = 'gold'
  AND EXISTS(
    SELECT
      1
    FROM (
      SELECT
        n.key
      FROM (
        SELECT
          tc.customer_id AS key,
          (
            tc.tier = 'gold'
          ) IS TRUE AS holds,
          ROW_NUMBER() OVER (PARTITION BY tc.customer_id ORDER BY tc.at DESC NULLS LAST, tc.id DESC NULLS LAST) AS place
        FROM tier_changes AS tc
        JOIN customers AS c2
          ON c2.id = tc.customer_id
        WHERE
          c2.tier = 'gold'
          AND tc.at < CAST('2026-02-10 00:00:00-05:00' AS TIMESTAMPTZ)
          AND tc.at IS NOT NULL
      ) AS n
      WHERE
        n.place = 1 AND n.holds
    ) AS x
    WHERE
      x.key = c.id
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM tier_changes AS tc
    WHERE
      tc.customer_id = c.id
      AND (
        tc.tier = 'gold'
      ) IS NOT TRUE
      AND tc.at >= CAST('2026-02-10 00:00:00-05:00' AS TIMESTAMPTZ)
      AND tc.at < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMPTZ)
  )
