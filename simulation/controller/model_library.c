/* The model that a Franka's controller hands to whoever drives it: kinematics from the published
 * DH table (Craig's convention), and the dynamics of the simulated arm, whose links have their
 * masses at their frames. Matrices are column by column. */
#include <math.h>
#include <string.h>

#define JOINTS 7
#define FRAMES 9 /* joints 1 to 7, the flange, the end effector */
#define STEP 1e-5

typedef double Pose[16];

static const double A[8] = {0, 0, 0, 0.0825, -0.0825, 0, 0.088, 0};
static const double D[8] = {0.333, 0, 0.316, 0, 0.384, 0, 0, 0.107};
static const double SIN_ALPHA[8] = {0, -1, 1, 1, -1, 1, 1, 0};
static const double COS_ALPHA[8] = {1, 0, 0, 0, 0, 0, 0, 1};
static const double MASS[8] = {2.9, 3.0, 2.4, 2.6, 2.2, 1.8, 0.8, 0.8}; /* the last: the hand */
static const double INERTIA = 0.02, ROTOR = 0.1;

static void multiply(const Pose left, const Pose right, Pose product) {
  Pose result;
  for (int column = 0; column < 4; column++)
    for (int row = 0; row < 4; row++) {
      double sum = 0;
      for (int k = 0; k < 4; k++) sum += left[4 * k + row] * right[4 * column + k];
      result[4 * column + row] = sum;
    }
  memcpy(product, result, sizeof(result));
}

/* The poses of all frames in the base frame; without a tool the last one is the flange again. */
static void frames(const double *q, const double *tool, Pose *poses) {
  Pose pose = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
  for (int i = 0; i < 8; i++) {
    double angle = i < JOINTS ? q[i] : 0, c = cos(angle), s = sin(angle);
    double sa = SIN_ALPHA[i], ca = COS_ALPHA[i];
    Pose link = {c,  s * ca, s * sa, 0, -s,   c * ca,      c * sa,     0,
                 0,  -sa,    ca,     0, A[i], -sa * D[i],  ca * D[i],  1};
    multiply(pose, link, pose);
    memcpy(poses[i], pose, sizeof(Pose));
  }
  if (tool)
    multiply(poses[7], tool, poses[8]);
  else
    memcpy(poses[8], poses[7], sizeof(Pose));
}

/* (6, 7): linear rows over angular rows, of a frame, in the base frame. */
static void zero_jacobian(Pose *poses, int frame, double *columns) {
  memset(columns, 0, 42 * sizeof(double));
  const double *end = poses[frame] + 12;
  for (int i = 0; i < JOINTS && i <= frame; i++) {
    const double *axis = poses[i] + 8, *at = poses[i] + 12;
    double arm[3] = {end[0] - at[0], end[1] - at[1], end[2] - at[2]};
    double *column = columns + 6 * i;
    column[0] = axis[1] * arm[2] - axis[2] * arm[1];
    column[1] = axis[2] * arm[0] - axis[0] * arm[2];
    column[2] = axis[0] * arm[1] - axis[1] * arm[0];
    memcpy(column + 3, axis, 3 * sizeof(double));
  }
}

static void jacobian(const double *q, const double *tool, int frame, int in_body, double *columns) {
  Pose poses[FRAMES];
  frames(q, tool, poses);
  zero_jacobian(poses, frame, columns);
  if (!in_body) return;
  for (int i = 0; i < 14; i++) { /* both halves of each column */
    double *part = columns + 3 * i, turned[3];
    for (int row = 0; row < 3; row++) {
      const double *axis = poses[frame] + 4 * row;
      turned[row] = axis[0] * part[0] + axis[1] * part[1] + axis[2] * part[2];
    }
    memcpy(part, turned, sizeof(turned));
  }
}

static void pose(const double *q, const double *tool, int frame, double *result) {
  Pose poses[FRAMES];
  frames(q, tool, poses);
  memcpy(result, poses[frame], sizeof(Pose));
}

static void inertia(const double *q, double load, double *matrix) {
  Pose poses[FRAMES];
  double columns[42];
  frames(q, 0, poses);
  memset(matrix, 0, 49 * sizeof(double));
  for (int link = 0; link < 8; link++) {
    double mass = MASS[link] + (link == 7 ? load : 0);
    zero_jacobian(poses, link, columns);
    for (int i = 0; i < JOINTS; i++)
      for (int k = 0; k < JOINTS; k++)
        for (int row = 0; row < 6; row++)
          matrix[7 * i + k] +=
              (row < 3 ? mass : INERTIA) * columns[6 * i + row] * columns[6 * k + row];
  }
  for (int i = 0; i < JOINTS; i++) matrix[8 * i] += ROTOR;
}

/* Twice the kinetic energy. */
static double energy(const double *q, const double *dq, double load) {
  double matrix[49], sum = 0;
  inertia(q, load, matrix);
  for (int i = 0; i < JOINTS; i++)
    for (int k = 0; k < JOINTS; k++) sum += dq[i] * matrix[7 * i + k] * dq[k];
  return sum;
}

/* dM/dt dq - d(energy)/dq / 2, by differences. */
static void coriolis(const double *q, const double *dq, double load, double *torques) {
  double ahead[7], before[49], after[49];
  for (int i = 0; i < JOINTS; i++) ahead[i] = q[i] + STEP * dq[i];
  inertia(q, load, before);
  inertia(ahead, load, after);
  for (int i = 0; i < JOINTS; i++) {
    torques[i] = 0;
    for (int k = 0; k < JOINTS; k++)
      torques[i] += (after[7 * i + k] - before[7 * i + k]) / STEP * dq[k];
    memcpy(ahead, q, sizeof(ahead));
    ahead[i] += STEP;
    double more = energy(ahead, dq, load);
    ahead[i] -= 2 * STEP;
    torques[i] -= (more - energy(ahead, dq, load)) / (4 * STEP);
  }
}

static void gravity(const double *q, const double *down, double load, double *torques) {
  Pose poses[FRAMES];
  double columns[42];
  frames(q, 0, poses);
  memset(torques, 0, JOINTS * sizeof(double));
  for (int link = 0; link < 8; link++) {
    double mass = MASS[link] + (link == 7 ? load : 0);
    zero_jacobian(poses, link, columns);
    for (int i = 0; i < JOINTS; i++)
      for (int row = 0; row < 3; row++) torques[i] -= mass * down[row] * columns[6 * i + row];
  }
}

/* What libfranka 0.8 to 0.13 looks for. */
static const double ZERO[7];

void Ji_J_J1(double *b) { jacobian(ZERO, 0, 0, 1, b); }
void O_J_J1(double *b) { jacobian(ZERO, 0, 0, 0, b); }
void O_T_J1(const double *q, double *b) { pose(q, 0, 0, b); }

#define FRAME(N)                                                             \
  void Ji_J_J##N(const double *q, double *b) { jacobian(q, 0, N - 1, 1, b); } \
  void O_J_J##N(const double *q, double *b) { jacobian(q, 0, N - 1, 0, b); }  \
  void O_T_J##N(const double *q, double *b) { pose(q, 0, N - 1, b); }
FRAME(2) FRAME(3) FRAME(4) FRAME(5) FRAME(6) FRAME(7) FRAME(8)

void Ji_J_J9(const double *q, const double *tool, double *b) { jacobian(q, tool, 8, 1, b); }
void O_J_J9(const double *q, const double *tool, double *b) { jacobian(q, tool, 8, 0, b); }
void O_T_J9(const double *q, const double *tool, double *b) { pose(q, tool, 8, b); }

void M_NE(const double *q, const double *turning, double load, const double *centre, double *b) {
  (void)turning, (void)centre;
  inertia(q, load, b);
}

void c_NE(const double *q, const double *dq, const double *turning, double load,
          const double *centre, double *b) {
  (void)turning, (void)centre;
  coriolis(q, dq, load, b);
}

void g_NE(const double *q, const double *down, double load, const double *centre, double *b) {
  (void)centre;
  gravity(q, down, load, b);
}
