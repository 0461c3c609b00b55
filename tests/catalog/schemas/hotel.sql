-- A hotel group whose database declares primary keys but no foreign ones, in camel case.
CREATE SCHEMA pms;
CREATE TABLE pms."Guests" (
    "guestId" bigint PRIMARY KEY, "firstName" text, "lastName" text, "contactInfo" text, "mobilePhone" text, "dateOfBirth" date,
    nationality text, "loyaltyTier" text, "loyaltyPoints" int, "emailOptIn" boolean, "passportNumber" text, "dietaryHealthNotes" text
);
CREATE TABLE pms."Hotels" ("hotelId" int PRIMARY KEY, name text NOT NULL, city text NOT NULL, stars int);
CREATE TABLE pms."Stays" (
    "stayId" bigint PRIMARY KEY, "guestId" bigint NOT NULL, "hotelId" int NOT NULL, "bookedAt" timestamp NOT NULL, "checkInDate" date NOT NULL,
    "checkOutDate" date NOT NULL, nights int NOT NULL, "totalAmount" numeric(12, 2), "roomType" text, status text NOT NULL
);
CREATE TABLE pms."GuestPreferences" ("guestId" bigint PRIMARY KEY, "pillowType" text, "wantsNewsletter" boolean);
CREATE TABLE pms."OfferRedemptions" ("redemptionId" bigint PRIMARY KEY, "guestId" bigint NOT NULL, "redeemedAt" timestamp NOT NULL, "offerName" text);
INSERT INTO pms."Guests" SELECT n, 'First' || n, 'Last' || n, 'guest' || n || '@example.org', '+1206555' || lpad(n::text, 4, '0'),
    '1960-01-01'::date + n * 20, (ARRAY['Norway', 'Germany', 'United States', 'Canada', 'France'])[1 + n % 5],
    (ARRAY['silver', 'gold', 'platinum', NULL])[1 + n % 4], n * 3, n % 3 = 0, 'P' || n, 'Allergic to nuts'
FROM generate_series(1, 500) n;
INSERT INTO pms."Hotels" SELECT n, 'Hotel ' || n, (ARRAY['Oslo', 'Berlin', 'Boston'])[1 + n % 3], 3 + n % 3 FROM generate_series(1, 12) n;
INSERT INTO pms."Stays" SELECT n, 1 + n % 450, 1 + n % 12, '2025-01-01'::timestamp + n * interval '3 hours', '2025-02-01'::date + n / 8,
    '2025-02-03'::date + n / 8, 2, 100 + n % 400, (ARRAY['single', 'double', 'suite'])[1 + n % 3], (ARRAY['kept', 'kept', 'cancelled'])[1 + n % 3]
FROM generate_series(1, 3000) n;
INSERT INTO pms."GuestPreferences" SELECT n, (ARRAY['soft', 'firm'])[1 + n % 2], n % 2 = 0 FROM generate_series(1, 300) n;
INSERT INTO pms."OfferRedemptions" SELECT n, 1 + n % 450, '2025-03-01'::timestamp + n * interval '1 hour', (ARRAY['Spa day', 'Late check-out'])[1 + n % 2]
FROM generate_series(1, 600) n;
ANALYZE;
