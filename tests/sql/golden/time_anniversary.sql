SELECT
  c.id
FROM customers AS c
WHERE
  EXTRACT(MONTH FROM CAST(c.signed_up AT TIME ZONE 'America/New_York' AS DATE)) * 100 + EXTRACT(DAY FROM CAST(c.signed_up AT TIME ZONE 'America/New_York' AS DATE)) BETWEEN 201 AND 229
