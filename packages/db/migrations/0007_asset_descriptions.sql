ALTER TABLE "assets" ADD COLUMN "title" text;--> statement-breakpoint
ALTER TABLE "assets" ADD COLUMN "alt_text" text;--> statement-breakpoint
ALTER TABLE "assets" ADD COLUMN "description" text;--> statement-breakpoint
ALTER TABLE "assets" ADD COLUMN "focal_point" jsonb;