SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        r.key
      FROM (
        SELECT
          c2.id AS key,
          RANK() OVER (
            ORDER BY CASE
              WHEN c2.born <= CAST('2026-03-10' AS DATE)
              THEN CAST('2026-03-10' AS DATE) - c2.born
            END
          ) AS place
        FROM customers AS c2
        WHERE
          CASE
            WHEN c2.born <= CAST('2026-03-10' AS DATE)
            THEN CAST('2026-03-10' AS DATE) - c2.born
          END IS NOT NULL
          AND c2.email_consent IS TRUE
      ) AS r
      WHERE
        r.place <= 2
    ) AS x
    WHERE
      x.key = c.id
  )
